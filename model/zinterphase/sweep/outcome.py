"""A sweep from its axes to its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.electrodes import cell_of
from zinterphase.ensemble.groups import MEMBERS, Progress, groups_of, solve_ensemble
from zinterphase.ensemble.members import Record
from zinterphase.ensemble.store import Store
from zinterphase.errors import CaseError, SolveError
from zinterphase.observe import keys
from zinterphase.parallel import on_root
from zinterphase.sweep.axes import Axes
from zinterphase.sweep.members import END, SweptJob, run_member
from zinterphase.units import for_readers, to_si, unit_of

PARTS = "part-*"
"""Folders of parts that ran by themselves, in that of the sweep."""


@dataclass(frozen=True)
class Row:
    """One point: texts by key of what is swept, numbers with their units, or why there are none."""

    settings: Mapping[str, str]
    numbers: Mapping[str, tuple[float, str]]
    reason: str | None


@dataclass(frozen=True)
class Sweep:
    """What came of a sweep; ``metrics`` are the numbers asked for."""

    title: str
    axes: Axes
    rows: tuple[Row, ...]
    metrics: tuple[str, ...]


def jobs_of(path: Path, axes: Axes) -> list[SweptJob]:
    """Every member with its cases. Raises :class:`CaseError` for the first that is refused."""
    jobs = []
    for number, member in enumerate(axes.members()):
        own = [*axes.fixed, *(f"{key}={value}" for key, value in member.items())]
        label = ", ".join(f"{key.rpartition('.')[2]} = {value}" for key, value in member.items())
        if axes.control is None:
            jobs.append(SweptJob(number, label, Case.load(path, own), 0))
            continue
        key = axes.control.key
        points = {
            float(place): Case.load(path, [*own, f"{key}={value}"])
            for place, value in enumerate(axes.control.values)
        }
        jobs.append(SweptJob(number, label, points[0.0], 0, points=points))
    return jobs


def sweep(
    path: Path,
    axes: Axes,
    *,
    metrics: Sequence[str] = (),
    part: tuple[int, int] = (1, 1),
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    members_at_once: int | None = None,
    progress: Progress = lambda text, done, total: None,
    folder: Path | None = None,
) -> Sweep:
    """Solve a case at every combination of values; collective.

    Along the control (``control.current_density`` or ``control.potential``) points are solved one
    from the other on one mesh, and a curve of imposed currents is followed to its end.

    Parameters
    ----------
    path : The case file.
    axes : What is swept.
    metrics : Numbers by the keys of `results.json`; evenness and potential by default.
    part : (k, n) for the k-th of n parts of the members.
    comm : Ranks to work on.
    members_at_once : Members side by side, each on an equal part of the ranks; by default a rank
        each up to 2D, and one on all ranks in 3D.
    progress : Called on rank 0 after each point.
    folder : Finished points are kept in its `members.jsonl` and not made again; what parts have
        made in folders within it is taken over.

    Raises
    ------
    CaseError
        A member is refused as it stands, or a metric is no number of the results.
    SolveError
        No point gave a solution.
    """

    def prepare() -> list[SweptJob]:
        if folder is not None:
            _gather(folder)
        return jobs_of(path, axes)[part[0] - 1 :: part[1]]

    jobs = on_root(comm, prepare)
    count = 1 if axes.control is None else len(axes.control.values)
    records = solve_ensemble(
        jobs,
        [float(number) for number in range(count)],
        comm=comm,
        groups=groups_of(comm, len(jobs), _dimension(jobs), members_at_once),
        progress=progress,
        folder=folder,
        runner=run_member,
    )
    return on_root(comm, lambda: _swept(axes, jobs, records, metrics, part))


def _dimension(jobs: Sequence[SweptJob]) -> int:
    return max((job.case.geometry.dimension for job in jobs), default=2)


def _gather(folder: Path) -> None:
    """Take over the points that parts have made."""
    own: Store[Record] | None = None
    for path in sorted(folder.glob(f"{PARTS}/{MEMBERS}")):
        own = own or Store(folder / MEMBERS, Record.from_line)
        for key, record in Store(path, Record.from_line).records.items():
            if key not in own.records:
                own.add(record)


def _swept(
    axes: Axes,
    jobs: Sequence[SweptJob],
    records: Sequence[Mapping[float, Record]],
    metrics: Sequence[str],
    part: tuple[int, int],
) -> Sweep:
    members = list(axes.members())[part[0] - 1 :: part[1]]
    rows: list[Row] = []
    for member, found in zip(members, records, strict=True):
        for number, record in sorted(found.items()):
            rows += _rows(axes, member, int(number), record)
    known = dict.fromkeys(name for row in rows for name in row.numbers)
    if not known:
        raise SolveError(f"no point gave a solution; the first one: {rows[0].reason}")
    for name in metrics:
        if name not in known:
            close = ", ".join(get_close_matches(name, known, n=3, cutoff=0.4)) or "one of them"
            raise CaseError("--metric", name, f"a key of results.json that is a number: {close}")
    return Sweep(jobs[0].case.title, axes, tuple(rows), tuple(metrics) or default_metrics(jobs))


def _rows(axes: Axes, member: Mapping[str, str], number: int, record: Record) -> list[Row]:
    """A point; where a curve ends before it, the end and the point without numbers."""
    control = axes.control
    settings = dict(member) if control is None else {**member, control.key: control.values[number]}
    if record.reason is None or not record.scalars:
        return [Row(_in_order(axes, settings), record.numbers(), record.reason)]
    assert control is not None
    unit = unit_of(control.values[number].strip("\"'"))
    end = record.scalars[END] / to_si(f"1 {unit}", "A/m^2")
    numbers = {name: entry for name, entry in record.numbers().items() if name != END}
    at_end = {**member, control.key: f"{end:.6g} {unit}"}
    return [
        Row(_in_order(axes, at_end), numbers, "end of the curve"),
        Row(_in_order(axes, settings), {}, record.reason),
    ]


def _in_order(axes: Axes, settings: Mapping[str, str]) -> dict[str, str]:
    return {axis.key: settings[axis.key] for axis in axes.swept}


def default_metrics(jobs: Sequence[SweptJob]) -> tuple[str, ...]:
    """Potential and evenness of a steady case, those of the deposit in time."""
    case = jobs[0].case
    if case.protocol:
        return keys.TARGETS_IN_TIME
    field = keys.headline(volumetric=any(cell_of(job.case).working.pores for job in jobs))
    first = keys.MEAN_CURRENT_DENSITY if case.control.current_density is None else keys.POTENTIAL
    evenness = (f"{field}.cv", f"{field}.max_over_mean") if case.geometry.extents else ()
    return (first, *evenness)


def shown(value: tuple[float, str] | None) -> str:
    """A number as tables show it, in the unit for readers."""
    return "-" if value is None else f"{value[0] * for_readers(value[1])[1]:.5g}"
