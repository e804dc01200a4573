"""`experiment`: protocols, reductions and figures of a laboratory."""

from collections.abc import Sequence
from pathlib import Path

from mpi4py import MPI
from rich.console import Console
from rich.table import Table

from zinterphase.cell.advice import require_valid
from zinterphase.cli.console import make_console
from zinterphase.cli.inputs import members_at_once
from zinterphase.cli.progress import progress
from zinterphase.cli.series_options import ExperimentOptions
from zinterphase.ensemble.terminal import interval_cell
from zinterphase.errors import CaseError, SolveError
from zinterphase.experiments.experiment import Experiment
from zinterphase.experiments.experiment_files import write_experiment
from zinterphase.experiments.measured import (
    Distance,
    Measured,
    curve_of,
    distance,
    read_measured,
)
from zinterphase.experiments.outcome import Outcome, perform
from zinterphase.experiments.parameters import sorted_overrides, values_of
from zinterphase.experiments.readable import additions, distance_sentence, readable, sentences
from zinterphase.experiments.registry import chosen
from zinterphase.experiments.setup import Setup
from zinterphase.output.folderlock import claimed
from zinterphase.parallel import on_root

type Prepared = tuple[list[list[Setup]], Measured | None]


def perform_experiments(options: ExperimentOptions) -> None:
    """Run, reduce, draw and tell one experiment, or all; without a case tell what there is."""
    comm, console = MPI.COMM_WORLD, make_console()
    experiments = chosen(options.name)
    if not options.cases:
        for experiment in experiments:
            _explain(console, experiment)
        return
    prepared, measured = on_root(comm, lambda: _prepared(experiments, options))
    missing: list[str] = []
    for line in on_root(comm, lambda: _warnings(prepared)):
        console.print(line, soft_wrap=True)
    with claimed(comm, options.output):
        for setups in prepared:
            missing += _perform(comm, console, setups, measured, options)
    console.print(f"written to {options.output}")
    if missing:
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        raise SolveError(f"{missing[0]}{more}")


def _prepared(experiments: Sequence[Experiment], options: ExperimentOptions) -> Prepared:
    """Every case for every experiment, before anything is run."""
    parameters = [p for experiment in experiments for p in experiment.parameters]
    given, overrides = sorted_overrides(options.overrides or [], parameters)
    measured = None
    if options.data is not None:
        if len(experiments) > 1:
            raise CaseError("--data", str(options.data), "data of one experiment, named before it")
        measured = read_measured(options.data, experiments[0])
    setups = [
        [
            Setup.load(
                e, values_of(e.parameters, given), Path(path), overrides, as_it_is=options.as_is
            )
            for path in options.cases or []
        ]
        for e in experiments
    ]
    return setups, measured


def _warnings(prepared: Sequence[Sequence[Setup]]) -> list[str]:
    """What is worth knowing of the cases, each line once."""
    lines: dict[str, list[str]] = {}
    for case in (setup.case() for setups in prepared for setup in setups):
        for text in case.warnings:
            lines.setdefault(text, []).append(case.title)
        for finding in require_valid(case).findings:
            if finding.severity == "warning":
                lines.setdefault(finding.text, []).append(case.title)
    return [f"{', '.join(dict.fromkeys(who))}: warning: {text}" for text, who in lines.items()]


def _perform(
    comm: MPI.Intracomm,
    console: Console,
    setups: Sequence[Setup],
    measured: Measured | None,
    options: ExperimentOptions,
) -> list[str]:
    """One experiment; a line for every run that has no result."""
    with progress(comm, console) as tell:
        try:
            outcome = perform(
                setups,
                seeds=options.seeds,
                comm=comm,
                members_at_once=members_at_once(comm, options.ranks_per_member),
                progress=tell,
                folder=options.output,
            )
        except SolveError as error:
            return [str(error)]
    distances, unlike = on_root(comm, lambda: _distances(outcome, measured))
    on_root(comm, lambda: write_experiment(outcome, options.output, measured, distances))
    console.print(_table(outcome))
    for line in (*additions(outcome), *sentences(outcome)):
        console.print(line, soft_wrap=True)
    if measured is not None:
        for label, found in distances.items():
            console.print(distance_sentence(label, measured, found), soft_wrap=True)
    return [*outcome.failures, *unlike]


def _distances(
    outcome: Outcome, measured: Measured | None
) -> tuple[dict[str, Distance], list[str]]:
    """Of every anode, and a line for each that has none."""
    found: dict[str, Distance] = {}
    unlike: list[str] = []
    if measured is None:
        return found, unlike
    curves = {
        anode.label: curve_of(anode.drawn.curves, measured.panel)
        for anode in outcome.anodes
        if anode.drawn is not None
    }
    for label, curve in curves.items():
        if curve is None:
            unlike.append(f"{label}: no curve beside {measured.name}")
            continue
        try:
            found[label] = distance(measured, curve)
        except CaseError as error:
            unlike.append(f"{label}: {error}")
    return found, unlike


def _table(outcome: Outcome) -> Table:
    """Numbers by anode."""
    count = len(outcome.seeds)
    title = f"{outcome.experiment.name}, {count} seed{'s' if count > 1 else ''}"
    view = Table(title=title, title_justify="left")
    view.add_column("")
    for anode in outcome.anodes:
        view.add_column(anode.label, justify="right")
    for name, si in outcome.quantities.items():
        unit, factor = readable(si)
        cells = (interval_cell(anode.interval(name), factor) for anode in outcome.anodes)
        view.add_row(name if unit == "1" else f"{name}, {unit}", *cells)
    return view


def _explain(console: Console, experiment: Experiment) -> None:
    """What it is, its parameters, and the header of measured data."""
    view = Table("parameter", "default", "meaning", title_justify="left")
    view.title = f"{experiment.name}: {experiment.what}"
    for parameter in experiment.parameters:
        view.add_row(parameter.name, parameter.default, parameter.meaning)
    console.print(view)
    if experiment.source:
        console.print(f"reduced after {experiment.source}")
