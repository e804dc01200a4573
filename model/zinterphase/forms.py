"""Forms and expressions compiled: one place for every option of the form compiler."""

import zinterphase.startup  # noqa: F401  # isort: skip  # before DOLFINx

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import cffi
import dolfinx.jit
import ffcx.codegeneration.jit
import ffcx.options
import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem
from dolfinx.la import InsertMode
from dolfinx.mesh import EntityMap, Mesh
from mpi4py import MPI

from zinterphase.compiler import Compiler, compiler_of
from zinterphase.errors import FileError
from zinterphase.fem_types import Form
from zinterphase.fem_types import Mesh as RealMesh
from zinterphase.formcache import form_cache

PATIENCE = 300
"""Seconds to wait for another process, or for rank 0, that compiles the same form."""
PART = 2**16
"""Cells that a vector is assembled from at a time: coefficients take some 100 bytes a cell."""
type Options = dict[str, Any]


@cache
def _no_option_files() -> tuple[dict[str, Any], dict[str, Any]]:
    return {}, {}


# Both compilers read option files of the working folder and of the home folder: arguments for a C
# compiler, that is code, and no part of a case.
dolfinx.jit._load_options = _no_option_files
ffcx.options._load_options = _no_option_files

_look_up: Callable[..., tuple[Any, Any]] = ffcx.codegeneration.jit.get_cached_module


@cache
def _loaded(
    name: str, objects: tuple[str, ...], folder: Path, patience: int, compiled: int
) -> tuple[Any, Any]:
    """A module ``compiled`` at that time, read from the folder of thousands once in a process."""
    found: tuple[Any, Any] = _look_up(name, objects, folder, patience)
    return found


def _loaded_once(name: str, objects: list[str], folder: Path, patience: int) -> tuple[Any, Any]:
    try:
        compiled = (folder / f"{name}.c.cached").stat().st_mtime_ns
    except FileNotFoundError:  # not to the end, or not at all
        found: tuple[Any, Any] = _look_up(name, objects, folder, patience)
        return found
    return _loaded(name, tuple(objects), folder, patience, compiled)


ffcx.codegeneration.jit.get_cached_module = _loaded_once


def compiled_form(form: ufl.Form, entity_maps: Sequence[EntityMap] | None = None) -> Form:
    """A form ready to be assembled; collective. Raises :class:`FileError`."""
    maps = None if entity_maps is None else list(entity_maps)
    (domain,) = form.subdomain_data()

    def compile_with(options: Options) -> Form:
        compiled: Form = fem.form(form, entity_maps=maps, jit_options=options)
        return compiled

    return _compiled(domain.ufl_cargo().comm, compile_with)


def compiled_parts(
    form: ufl.Form, entity_maps: Sequence[EntityMap] | None = None
) -> tuple[Form, ...]:
    """A form in parts that add up to it, of at most `PART` cells each, facets in the last one.

    DOLFINx packs coefficients of all cells of a form before it assembles one, more than what a
    vector takes by far. Collective; ranks may have different numbers of parts. Raises
    :class:`FileError`.
    """
    if any(integral.subdomain_data() is None for integral in form.integrals()):
        return (compiled_form(form, entity_maps),)
    ((domain, data),) = form.subdomain_data().items()
    mesh = Mesh(domain.ufl_cargo(), domain)
    compiled = _compiled(
        mesh.comm, lambda options: fem.compile_form(mesh.comm, form, jit_options=options)
    )
    sets = {fem.IntegralType[kind]: sorted(found[0], key=_number) for kind, found in data.items()}
    spaces = [argument.ufl_function_space() for argument in form.arguments()]
    own = {c: c for c in [*form.coefficients(), *form.constants()]}
    largest = max((len(cells) for _, cells in sets.get(fem.IntegralType.cell, [])), default=0)
    count = -(-largest // PART) or 1
    return tuple(
        fem.create_form(compiled, spaces, mesh, _part(sets, k, count), own, own, entity_maps)
        for k in range(count)
    )


type _Sets = dict[fem.IntegralType, list[tuple[int, npt.NDArray[np.int32]]]]


def _number(entry: tuple[int, npt.NDArray[np.int32]]) -> int:
    return entry[0]


def _part(sets: _Sets, part: int, count: int) -> _Sets:
    """One of ``count`` parts of all sets of cells; facets are in the last one."""

    def kept(kind: fem.IntegralType, entities: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        if kind == fem.IntegralType.cell:
            return np.array_split(entities, count)[part]
        return entities if part == count - 1 else entities[:0]

    return {
        kind: [(number, kept(kind, entities)) for number, entities in found]
        for kind, found in sets.items()
    }


def value(comm: MPI.Intracomm, form: Form) -> float:
    """Value of a compiled scalar form over all ranks."""
    return float(comm.allreduce(fem.assemble_scalar(form), MPI.SUM))


def owned_vector(form: Form, *more: Form) -> npt.NDArray[np.float64]:
    """Entries of a compiled linear form, or of the sum of parts of one, that this rank owns, with
    what others add; collective."""
    vector = fem.assemble_vector(form)
    for part in more:
        fem.assemble_vector(vector.array, part)  # type: ignore[arg-type]
    vector.scatter_reverse(InsertMode.add)
    size = vector.index_map.size_local * vector.block_size
    return np.asarray(vector.array[:size]).copy()


def compiled_expression(
    expression: ufl.core.expr.Expr,
    points: npt.NDArray[np.float64],
    mesh: RealMesh,
    entity_maps: Sequence[EntityMap] | None = None,
) -> fem.Expression[np.float64]:
    """An expression ready to be evaluated at ``points`` of a reference cell or facet of ``mesh``;
    collective. Raises :class:`FileError`."""
    maps = None if entity_maps is None else list(entity_maps)

    def compile_with(options: Options) -> fem.Expression[np.float64]:
        return fem.Expression(
            expression, points, comm=mesh.comm, entity_maps=maps, jit_options=options
        )

    return _compiled(mesh.comm, compile_with)


def _compiled[T](comm: MPI.Intracomm, compile_with: Callable[[Options], T]) -> T:
    """Compile or load; where that fails, once more alone in the cache and with it put right."""
    compiler = compiler_of(comm)
    for alone in (False, True):
        with form_cache(comm, compiler.key, alone=alone) as folder:
            try:
                return compile_with(_options(folder, compiler))
            except (OSError, ImportError, RuntimeError, cffi.VerificationError) as error:
                if not _is_of_the_compiler(error):
                    raise
                reason = " ".join(str(error).split())
    raise FileError(f"forms cannot be compiled into {folder}: {reason}")


def _options(folder: Path, compiler: Compiler) -> Options:
    return {
        "cache_dir": folder,
        "cffi_extra_compile_args": list(compiler.flags),
        "timeout": PATIENCE,
    }


def _is_of_the_compiler(error: Exception) -> bool:
    # On several ranks DOLFINx puts everything into this type, as its C++ parts do.
    return not isinstance(error, RuntimeError) or "JIT" in str(error)
