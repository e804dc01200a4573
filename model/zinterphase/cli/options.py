"""What the commands share."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.output.writer import RunOrigin
from zinterphase.parallel import on_root
from zinterphase.units import UnitError, to_si

CaseFile = Annotated[Path, typer.Argument(metavar="CASE", help="Case file (TOML).")]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help='Override, e.g. "layers.titania.porosity=0.4".'
    ),
]
Folder = Annotated[Path | None, typer.Option("-o", "--output", help="Folder to write to.")]
Currents = Annotated[
    list[str] | None,
    typer.Option(
        "--current", help='Mean current density, e.g. "-1 mA/cm^2"; repeat it for several.'
    ),
]
MembersAtOnce = Annotated[
    int | None, typer.Option(min=1, help="Members side by side on parts of the ranks.")
]


def current_densities(texts: list[str] | None) -> list[float] | None:
    """Mean current densities [A/m2]; None where none is given."""
    return [_current_density(text) for text in texts] if texts else None


def _current_density(text: str) -> float:
    try:
        return to_si(text, "A/m^2")
    except UnitError:
        allowed = 'a current density with its unit, such as "-1 mA/cm^2"'
        raise CaseError("--current", text, allowed) from None


def load_case(comm: MPI.Intracomm, path: Path, overrides: list[str] | None) -> Case:
    """Read on rank 0, so that no rank works on another case; collective."""
    return on_root(comm, lambda: Case.load(path, overrides or []))


def started_now() -> RunOrigin:
    """This command line, started now."""
    return RunOrigin(("zinterphase", *sys.argv[1:]), datetime.now(UTC))
