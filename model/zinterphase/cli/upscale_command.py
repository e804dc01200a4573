"""`upscale`: from resolved particles to the numbers of a porous layer."""

from collections.abc import Sequence
from pathlib import Path

from mpi4py import MPI
from rich.console import Console
from rich.table import Table

from zinterphase.case import Case
from zinterphase.case.layers import Layer
from zinterphase.cli.console import make_console
from zinterphase.cli.inputs import load_case
from zinterphase.cli.series_options import UpscaleOptions
from zinterphase.errors import CaseError
from zinterphase.output.files import replacing
from zinterphase.parallel import on_root
from zinterphase.upscale.library_file import SUFFIX, require_new, write_library
from zinterphase.upscale.study import SIZES, SolvedCell, Upscaled, upscale

UNITS = {
    "specific_area": ("1/um", 1e-6),
    "surface_charge": ("mC/m^2", 1e3),
    "smeared_charge": ("mol/m^3", 1.0),
    "fixed_charge": ("mol/m^3", 1.0),
}
"""For readers, and what they are of SI."""


def upscale_case(options: UpscaleOptions) -> None:
    """Solve the cell problems of the layers with a packing, show and write what they give."""
    comm, console = MPI.COMM_WORLD, make_console()
    case = load_case(comm, options.case, options.overrides)
    layers, output = _chosen(case, options.layer), options.output
    sizes = sorted(set(options.size or SIZES[case.geometry.dimension]))
    if output is not None:
        on_root(comm, lambda: require_new(output))

    def note(cell: SolvedCell) -> None:
        factors = ", ".join(f"{factor:.4f}" for factor in cell.numbers.liquid)
        console.print(f"  {cell.size:g} diameters, seed {cell.seed}: conduction {factors}")

    found = []
    for layer in layers:
        console.print(f"{layer.name}: {options.seeds} seeds")
        found.append(upscale(case, layer, comm, options.seeds, sizes, note))
        _show(console, found[-1])
    if output is not None:
        on_root(comm, lambda: _write(output, case, found))
        names = ", ".join(f"{upscaled.layer.name}{SUFFIX}" for upscaled in found)
        console.print(f"written to {output}: {names}")


def _write(output: Path, case: Case, found: Sequence[Upscaled]) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    with replacing(output) as temporary:
        write_library(temporary, case, found)


def _chosen(case: Case, names: list[str] | None) -> list[Layer]:
    known = {layer.name: layer for layer in case.packed_layers}
    if not known:
        raise CaseError("layers", "none with a packing", "a layer whose particles are resolved")
    for name in names or []:
        if name not in known:
            raise CaseError("--layer", name, f"a layer with a packing: {', '.join(known)}")
    return [known[name] for name in names or known]


def _show(console: Console, found: Upscaled) -> None:
    table = Table("", "value", "95 % interval", "change with size", title=found.layer.name)
    for name, interval in found.numbers.items():
        unit, factor = UNITS.get(name, ("", 1.0))
        drift = found.drift[name]
        table.add_row(
            f"{name.replace('_', ' ')}{', ' if unit else ''}{unit}",
            _told(interval.value, factor),
            "-"
            if interval.low is None
            else f"{_told(interval.low, factor)} to {_told(interval.high, factor)}",
            "-" if drift is None else f"{drift:+.2%}",
        )
    for name, value in found.references.items():
        table.add_row(f"conduction by {name.title()}", f"{value:.5g}", "", "")
    console.print(table)
    if found.lateral != 1.0:
        console.print(f"along the layer it conducts {found.lateral:.4g} times as well as across")
    if found.electronic_conductivity is not None:
        told = f"{found.electronic_conductivity:.4g} S/m"
        console.print(f"electronic conductivity of the layer: {told}")
    elif found.layer.conducting:
        console.print("no necks lead through its particles: it does not conduct electrons")


def _told(value: float | None, factor: float) -> str:
    return "-" if value is None else f"{factor * value:.5g}"
