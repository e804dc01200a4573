"""`init`: a case file to begin with."""

import sys
from pathlib import Path

import gmsh
import typer
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cli.console import make_console
from zinterphase.cli.door_options import InitOptions
from zinterphase.cli.templates import NAMES, Template, template
from zinterphase.errors import CaseError
from zinterphase.geometry.gmsh_core import gmsh_session
from zinterphase.output.files import replacing
from zinterphase.parallel import on_root


def write_template(options: InitOptions) -> None:
    """Write a template, with its mesh where it has one; asks which where no name is given."""
    console = make_console()

    def write() -> list[Path]:
        chosen = template(options.name or _asked())
        return _written(chosen, options.output or Path(f"{chosen.name}.toml"))

    written = on_root(MPI.COMM_WORLD, write)
    console.print(f"written: {', '.join(map(str, written))}", soft_wrap=True)
    console.print(f"next: zinterphase check {written[0]}", soft_wrap=True)


def _asked() -> str:
    """The name that is chosen on a terminal."""
    if not sys.stdin.isatty():
        raise CaseError("NAME", None, f"a template: {', '.join(NAMES)}")
    for number, name in enumerate(NAMES, 1):
        typer.echo(f"{number}  {name}: {template(name).title}")
    answer = str(typer.prompt("Which one", default="1"))
    return dict(zip("12345", NAMES, strict=True)).get(answer, answer)


def _written(chosen: Template, path: Path) -> list[Path]:
    """The files, none of which takes the place of another."""
    drawing, mesh = path.with_suffix(".geo"), path.with_suffix(".msh")
    files = [path] if chosen.drawing is None else [path, drawing, mesh]
    for file in files:
        if file.exists():
            raise CaseError("--output", str(file), "a file that is not there yet")
    path.parent.mkdir(parents=True, exist_ok=True)
    if chosen.drawing is not None:
        _put(drawing, chosen.drawing)
        _meshed(drawing, mesh)
    _put(path, chosen.case_file(path.stem))
    Case.load(path)
    return files


def _put(path: Path, text: str) -> None:
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _meshed(drawing: Path, mesh: Path) -> None:
    with gmsh_session(), replacing(mesh) as temporary:
        gmsh.merge(str(drawing))
        gmsh.model.mesh.generate(2)
        gmsh.write(str(temporary))
