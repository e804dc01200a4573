"""What the commands are asked with that solve many cases, or one many times."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from zinterphase.cli.options import (
    EXPERIMENTS,
    GOALS,
    MOST_SEEDS,
    OF_FULL_CELLS,
    CaseFile,
    Currents,
    DryRun,
    MemberFolder,
    Memory,
    Overrides,
    RanksPerMember,
    WallTime,
    WhatIsAsked,
    each_key_once,
)
from zinterphase.mechanisms.defaults import SEEDS, TORNADO_SEEDS, Method


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
        str,
        typer.Argument(
            metavar="NAME",
            help=f"all, or one of {', '.join(EXPERIMENTS)}; on full cells "
            f"{', '.join(OF_FULL_CELLS)}.",
        ),
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
        list[str] | None,
        typer.Option(help="Level of theory; give it twice or more, the reference first."),
    ] = None
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="LAYERED_CASE", help="The same patch in porous layers, for a case of particles."
        ),
    ] = None
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder for levels.csv and levels.json.")
    ] = None
    overrides: Overrides = None


@dataclass(frozen=True)
class UpscaleOptions:
    """Of `upscale`."""

    case: CaseFile
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="LIBRARY.toml", help="Library file to write."),
    ] = None
    seeds: Annotated[
        int, typer.Option(min=1, max=MOST_SEEDS, help="Draws of each size; from 10 on, intervals.")
    ] = 10
    size: Annotated[
        list[float] | None,
        typer.Option(
            min=2.0,
            max=100.0,
            help="Width of a cell over the mean diameter, repeatable; by default 6 and 10, in 3D "
            "3 and 4.",
        ),
    ] = None
    layer: Annotated[
        list[str] | None, typer.Option(help="Of these layers, repeatable; by default all.")
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
