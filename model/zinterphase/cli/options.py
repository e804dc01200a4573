"""What each command is asked with: its arguments and options, and what --help says of them.

Nothing is imported here but what declares options, so that --help is quick.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from zinterphase.mechanisms.defaults import About

MOST_SEEDS = 10_000
GOALS = (
    "total_current", "potential", "cv", "smoothed_maximum", "cv_metal_area",
    "smoothed_maximum_metal_area", "charge",
)  # fmt: skip
"""Names of the goals of adaptive meshes, `zinterphase.observe.errors.GOALS`."""

EXPERIMENTS = (
    "cycle", "rate", "polarisation", "chronoamperometry", "coulombic_efficiency", "rest",
    "nucleation", "tafel", "lsv", "dispersion",
)  # fmt: skip
"""Names in `zinterphase.experiments.registry`."""
OF_FULL_CELLS = ("rate_capability", "self_discharge")
"""Of those on full cells."""


def each_key_once(settings: list[str] | None) -> list[str] | None:
    """Refuse a key that is set twice, of which one value would be lost."""
    if settings:
        from zinterphase.case.load import SEVERAL, require_single_keys

        require_single_keys(settings, f"each key once; {SEVERAL}")
    return settings


def known_keys(incomplete: str) -> list[str]:
    """Keys of a case that begin so, for a shell that completes."""
    from zinterphase.case.key_paths import all_keys

    return [key.dotted for key in all_keys() if key.dotted.startswith(incomplete)]


def known_templates(incomplete: str) -> list[str]:
    """Templates that begin so."""
    return [name for name in TEMPLATES if name.startswith(incomplete)]


def known_settings(incomplete: str) -> list[str]:
    """The same as `--set` has them."""
    return [f"{key}=" for key in known_keys(incomplete)]


TEMPLATES = ("bare", "coated", "symmetric", "protrusion", "own_mesh")
"""Names in `zinterphase.cli.templates`."""

CaseFile = Annotated[Path, typer.Argument(metavar="CASE", help="Case file (TOML).")]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        callback=each_key_once,
        autocompletion=known_settings,
        help='Override, e.g. "layers.titania.porosity=0.4".',
    ),
]
Folder = Annotated[Path | None, typer.Option("-o", "--output", help="Folder to write to.")]
MemberFolder = Annotated[
    Path, typer.Option("-o", "--output", help="Folder; finished members in it are kept.")
]
Currents = Annotated[
    list[str] | None,
    typer.Option(
        "--current", help='Mean current density, e.g. "-1 mA/cm^2"; repeat it for several.'
    ),
]
WhatIsAsked = Annotated[
    About | None,
    typer.Option(
        help="Evenness, or corrosion at open circuit: with the library's hydrogen evolution where "
        "the case has none. By default what the case is made for."
    ),
]
RanksPerMember = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="K",
        help="Members side by side, on K ranks each; by default on 1 up to 2D, on all in 3D.",
    ),
]
WallTime = Annotated[
    str | None, typer.Option("--time", metavar="TIME", help='Wall time, e.g. "10 min".')
]
Memory = Annotated[
    str | None, typer.Option("--memory", metavar="SIZE", help='Memory of all ranks, e.g. "4 GB".')
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the plan and its cost, then stop.")]


@dataclass(frozen=True)
class RunOptions:
    """Of `run`."""

    case: CaseFile
    output: Folder = None
    overrides: Overrides = None
    start: Annotated[
        Path | None,
        typer.Option(
            metavar="STATE", help="Start from a saved state: state.npz of a run on the same mesh."
        ),
    ] = None
    log_view: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write PETSc's time, flops and messages by operation."),
    ] = None
    wall_time: WallTime = None
    memory: Memory = None


@dataclass(frozen=True)
class ResumeOptions:
    """Of `resume`."""

    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run in time.")]
    wall_time: WallTime = None
    memory: Memory = None


@dataclass(frozen=True)
class MeshingOptions:
    """Of `mesh`."""

    case: CaseFile
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Mesh file (.msh) to write."),
    ] = None
    overrides: Overrides = None


@dataclass(frozen=True)
class CheckOptions:
    """Of `check`."""

    case: CaseFile
    overrides: Overrides = None


@dataclass(frozen=True)
class ImpedanceOptions:
    """Of `impedance`."""

    case: Annotated[
        Path, typer.Argument(metavar="CASE", help="Case file (TOML), or the folder of a run.")
    ]
    output: Folder = None
    overrides: Overrides = None
    lowest: Annotated[
        str | None,
        typer.Option("--from", metavar="FREQUENCY", help='Lowest frequency, e.g. "10 mHz".'),
    ] = None
    highest: Annotated[
        str | None,
        typer.Option("--to", metavar="FREQUENCY", help='Highest frequency, e.g. "100 kHz".'),
    ] = None
    measured: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv", help="Measured spectrum, header frequency_Hz,re_ohm cm2,im_ohm cm2."
        ),
    ] = None
    temperatures: Annotated[
        str | None,
        typer.Option(
            metavar="T,T,...", help='Activation energy of R_ct, e.g. "5 degC, 25 degC, 45 degC".'
        ),
    ] = None


@dataclass(frozen=True)
class VerifyOptions:
    """Of `verify`."""

    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME ...]", help="Problems or families of them; see --list."),
    ] = None
    suite: Annotated[
        Literal["fast", "full"] | None,
        typer.Option(help="Default: fast, or with NAME everything it means."),
    ] = None
    listed: Annotated[bool, typer.Option("--list", help="Name the problems and stop.")] = False
    output: Folder = None
