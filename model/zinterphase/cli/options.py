"""What the commands share."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.output.writer import Provenance
from zinterphase.parallel import on_root

CaseFile = Annotated[Path, typer.Argument(metavar="CASE", help="Case file (TOML).")]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help='Override, e.g. "layers.titania.porosity=0.4".'
    ),
]
Folder = Annotated[Path | None, typer.Option("-o", "--output", help="Folder to write to.")]


def load_case(comm: MPI.Intracomm, path: Path, overrides: list[str] | None) -> Case:
    """Read on rank 0, so that no rank works on another case; collective."""
    return on_root(comm, lambda: Case.load(path, overrides or []))


def started_now() -> Provenance:
    """This command line, started now."""
    return Provenance(("zinterphase", *sys.argv[1:]), datetime.now(UTC))
