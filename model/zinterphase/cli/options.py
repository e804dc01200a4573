"""What each command is asked with: its arguments and options, and what --help says of them.

Nothing is imported here but what declares options, so that --help is quick.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from zinterphase.mechanisms.defaults import SEEDS, TORNADO_SEEDS, About, Method

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
class CompareOptions:
    """Of `compare`."""

    cases: Annotated[list[Path], typer.Argument(metavar="CASE ...", help="The first is bare.")]
    seeds: Annotated[
        int, typer.Option(min=1, max=MOST_SEEDS, help="Number of seeds; from 10 on, intervals.")
    ] = 10
    current: Currents = None
    about: WhatIsAsked = None
    output: MemberFolder = Path("results/comparison")
    overrides: Overrides = None
    ranks_per_member: RanksPerMember = None


@dataclass(frozen=True)
class ExperimentOptions:
    """Of `experiment`."""

    name: Annotated[
        str, typer.Argument(metavar="NAME", help=f"all, or one of {', '.join(EXPERIMENTS)}.")
    ]
    cases: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[CASE ...]", help="Case files; without one, say what there is."),
    ] = None
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Folder; finished runs in it are kept.")
    ] = Path("results/experiments")
    overrides: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            callback=each_key_once,
            help='A parameter, "current=5 mA/cm^2", or a key of the cases.',
        ),
    ] = None
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Measured data, header like time_s,voltage_V."),
    ] = None
    seeds: Annotated[
        int, typer.Option(min=1, max=MOST_SEEDS, help="Number of seeds; from 10 on, intervals.")
    ] = 1
    as_is: Annotated[
        bool, typer.Option("--as-is", help="Add no hydrogen and no substrate of the library.")
    ] = False
    ranks_per_member: RanksPerMember = None


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
class ConvergeOptions:
    """Of `converge`."""

    case: CaseFile
    meshes: Annotated[int, typer.Option(max=20, help="Number of meshes, at least 3.")] = 4
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder; finished meshes in it are kept.")
    ] = None
    overrides: Overrides = None
    ratio: Annotated[
        float | None,
        typer.Option(help="Ratio of cell sizes from mesh to mesh; 2 in 2D and 1.5 in 3D."),
    ] = None
    adaptive: Annotated[
        bool, typer.Option(help="Refine where the estimated error of --goal comes from (2D).")
    ] = False
    goal: Annotated[str, typer.Option(help=f"With --adaptive: {', '.join(GOALS)}.")] = "cv"
    wall_time: WallTime = None
    memory: Memory = None


@dataclass(frozen=True)
class LevelsOptions:
    """Of `levels`."""

    case: CaseFile
    level: Annotated[
        list[str], typer.Option(help="Level of theory; give it twice or more, the reference first.")
    ]
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder for levels.csv and levels.json.")
    ] = None
    overrides: Overrides = None


@dataclass(frozen=True)
class MechanismOptions:
    """Of `study mechanisms`."""

    case: CaseFile
    seeds: Annotated[
        int, typer.Option(max=MOST_SEEDS, help=f"Number of seeds, at least {SEEDS}.")
    ] = SEEDS
    current: Currents = None
    output: MemberFolder = Path("results/mechanisms")
    overrides: Overrides = None
    ranks_per_member: RanksPerMember = None
    about: WhatIsAsked = None
    only: Annotated[
        str | None, typer.Option(metavar="A,B,...", help="Switches to study; all by default.")
    ] = None
    together: Annotated[
        str | None, typer.Option(metavar="A,B,...", help='What "all together" is made of.')
    ] = None
    no_tornado: Annotated[
        bool, typer.Option("--no-tornado", help="Leave out the ranges of the uncertain numbers.")
    ] = False
    dry_run: DryRun = False


@dataclass(frozen=True)
class SensitivityOptions:
    """Of `study sensitivity`."""

    case: CaseFile
    samples: Annotated[
        int, typer.Option(help="Trajectories (morris), or base samples (sobol: a power of two).")
    ] = 10
    method: Annotated[
        Method, typer.Option(help="Elementary effects, or shares of the variance.")
    ] = "morris"
    seeds: Annotated[
        int, typer.Option(min=1, max=MOST_SEEDS, help="Seeds behind every number.")
    ] = TORNADO_SEEDS
    current: Currents = None
    output: MemberFolder = Path("results/sensitivity")
    overrides: Overrides = None
    ranks_per_member: RanksPerMember = None
    dry_run: DryRun = False


@dataclass(frozen=True)
class SweepOptions:
    """Of `sweep`."""

    case: CaseFile
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=V1,V2,...", help="Values of a key; one holds for all."),
    ] = None
    ranges: Annotated[
        list[str] | None,
        typer.Option(
            "--range", metavar="KEY=A:B:N", help="N values of a key from A to B, equally apart."
        ),
    ] = None
    together: Annotated[
        bool,
        typer.Option(
            "--zip/--grid", help="First with first, second with second; or each with each."
        ),
    ] = False
    metrics: Annotated[
        list[str] | None,
        typer.Option(
            "--metric", metavar="KEY", help="Number of results.json to show; repeat it for several."
        ),
    ] = None
    output: MemberFolder = Path("results/sweep")
    part: Annotated[
        str | None,
        typer.Option(
            metavar="K/N", help="Only the K-th of N parts of the members, for job arrays."
        ),
    ] = None
    ranks_per_member: RanksPerMember = None


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


@dataclass(frozen=True)
class WatchOptions:
    """Of `watch`."""

    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run or a study.")]
    once: Annotated[bool, typer.Option("--once", help="Say where it stands, and stop.")] = False
    interval: Annotated[
        float, typer.Option(min=0.1, max=3600.0, metavar="SECONDS", help="Between two looks.")
    ] = 2.0


@dataclass(frozen=True)
class SchemaOptions:
    """Of `schema`."""

    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="File to write it to.")
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
