"""What the commands are asked with that make cases, explain and show."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from zinterphase.cli.options import TEMPLATES, known_keys, known_templates


@dataclass(frozen=True)
class InitOptions:
    """Of `init`."""

    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help=f"One of {', '.join(TEMPLATES)}; asks without one.",
            autocompletion=known_templates,
        ),
    ] = None
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Case file; by default NAME.toml."),
    ] = None


@dataclass(frozen=True)
class ExplainOptions:
    """Of `explain`."""

    key: Annotated[
        str,
        typer.Argument(
            metavar="KEY",
            help='Of a case, "layers.titania.porosity", or the end of one, "porosity".',
            autocompletion=known_keys,
        ),
    ]
    case: Annotated[
        Path | None,
        typer.Argument(metavar="[CASE]", help="Case whose values are shown; else examples."),
    ] = None


@dataclass(frozen=True)
class MaterialsOptions:
    """Of `materials`."""

    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Material, group of the library, or key.")
    ] = None
    library: Annotated[
        list[Path] | None,
        typer.Option("--library", metavar="FILE", help="A file of your own; repeat it."),
    ] = None


@dataclass(frozen=True)
class SchemaOptions:
    """Of `schema`."""

    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="File to write it to.")
    ] = None


@dataclass(frozen=True)
class ReportOptions:
    """Of `report`."""

    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR [DIR ...]", help="Folders of runs or studies.")
    ]
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Page; by default report.html, in the folder where there is one alone.",
        ),
    ] = None
    scene: Annotated[
        bool,
        typer.Option(
            "--scene",
            help="In place of it scene.html in each folder: the surface of a run in 3D, to turn.",
        ),
    ] = False


@dataclass(frozen=True)
class WatchOptions:
    """Of `watch`."""

    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run or a study.")]
    once: Annotated[bool, typer.Option("--once", help="Say where it stands, and stop.")] = False
    interval: Annotated[
        float, typer.Option(min=0.1, max=3600.0, metavar="SECONDS", help="Between two looks.")
    ] = 2.0
