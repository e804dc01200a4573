"""One anode on one surface: solved at all currents, each reduced to a record."""

import hashlib
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.advice import require_valid
from zinterphase.ensemble.members import Record, record_of
from zinterphase.ensemble.standing import Standing
from zinterphase.errors import BalanceError, CaseError, MeshError, SolveError
from zinterphase.geometry.quality import MeshQuality
from zinterphase.observe.projection import NO_GRAPH
from zinterphase.result import Result
from zinterphase.run import solve_on
from zinterphase.solve.problem import Problem
from zinterphase.solve.state import State

OnRun = Callable[[Result, float], None]
"""Called with a result and its mean current density on all ranks that solved it."""


@dataclass(frozen=True)
class Job:
    """One case on one surface; ``refined`` marks the mesh study of the reference."""

    case_index: int
    label: str
    case: Case
    seed: int
    refined: bool = False

    @property
    def name(self) -> str:
        """The job as progress shows it."""
        return f"{self.label}, seed {self.seed}{', finer mesh' if self.refined else ''}"

    def told(self, current: float) -> str:
        """One of its runs as progress shows it."""
        return f"{self.name}, {0.1 * current:.4g} mA/cm^2"

    def at(self, current: float) -> Case:
        """The run at a mean current density [A/m2], or that of the protocol."""
        return driven(self.case.with_seed(self.seed), current)

    def key(self, current: float) -> str:
        """What a stored record is found by: the resolved run, its data files and the version."""
        return fingerprint(self.at(current), f"{self.seed} {current!r}")


def driven(case: Case, current: float) -> Case:
    """The case at a mean current density [A/m2]; one with a protocol as it is."""
    return case if case.protocol else case.with_current(current)


def jobs_in_turn(cases: Sequence[Case], labels: Sequence[str], seeds: Sequence[int]) -> list[Job]:
    """Seed by seed, beginning with another case each time: dealt out in turn, the costly cases
    then fall to all groups."""
    count = len(cases)
    order = [(s, (s + k) % count) for s in range(len(seeds)) for k in range(count)]
    return [Job(k, labels[k], cases[k], seeds[s]) for s, k in order]


def fingerprint(case: Case, more: str = "") -> str:
    """Digest of a resolved case, its data files, the version and whatever else tells runs apart."""
    digest = hashlib.sha256(f"{version('zinterphase')} {more}\n".encode())
    digest.update(case.to_toml().encode())
    for path in _data_files(case):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def run_job(
    job: Job, keys: Mapping[float, str], comm: MPI.Intracomm, on_result: OnRun | None = None
) -> Generator[tuple[float, Record]]:
    """Solve a job by itself as :func:`run_standing` does; frees the solver at the end."""
    with closing(Standing()) as standing:
        yield from run_standing(job, keys, comm, on_result, standing)


def run_standing(
    job: Job,
    keys: Mapping[float, str],
    comm: MPI.Intracomm,
    on_result: OnRun | None,
    standing: Standing,
) -> Generator[tuple[float, Record]]:
    """Solve a job at the currents in ``keys`` on one mesh, the smallest first; collective.

    A surface that cannot be meshed, a run that is refused or does not converge or whose balances
    stay open gives a record with the reason, and the next current starts from rest. The problem
    stays in ``standing`` where every run has a solution.
    """
    ordered = sorted(keys, key=abs)
    try:
        problem, quality = standing.problem_of(job.at(ordered[0]), comm)
    except (MeshError, CaseError) as error:
        for current in ordered:
            yield current, Record(keys[current], reason=str(error))
        return
    start: State | None = None
    solved = 0
    try:
        for number, current in enumerate(ordered):
            if number:
                problem.retarget(job.at(current))
            record = _run(keys[current], current, problem, quality, start, on_result)
            start = problem.state() if record.reason is None else None
            solved += start is not None
            yield current, record
    finally:
        if solved < len(ordered):
            standing.close()


def _run(
    key: str,
    current: float,
    problem: Problem,
    quality: MeshQuality,
    start: State | None,
    on_result: OnRun | None,
) -> Record:
    try:
        result = solve_on(problem, require_valid(problem.case), quality, {}, start=start)
    except (SolveError, BalanceError, CaseError) as error:
        return Record(key, reason=str(error))
    if result.anode is None:
        return Record(key, reason=NO_GRAPH)
    if on_result is not None:
        on_result(result, current)
    return record_of(key, result, delivered=on_result is not None)


def _data_files(case: Case) -> list[Path]:
    packings = [layer.packing for layer in case.layers if layer.packing is not None]
    files = [case.mesh.file, *(x.file for x in packings), *(x.image for x in packings)]
    if case.geometry.surface.shape == "map":
        files.append(case.geometry.surface.file)
    rates = [rate for kinetics in case.kinetics.values() for rate in kinetics.rates.values()]
    files += [rate.map.file for rate in rates if rate.map is not None]
    return [*case.library, *(Path(file) for file in files if file is not None)]
