"""One anode on one surface: solved at all currents, each reduced to a record."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from mpi4py import MPI

from zinterphase.advice import require_valid
from zinterphase.case import Case
from zinterphase.ensemble.members import DRAWN, Record, scalars_of
from zinterphase.errors import BalanceError, CaseError, MeshError, SolveError
from zinterphase.result import Result
from zinterphase.run import Meshed, mesh_case, solve_on
from zinterphase.solve.problem import Problem

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

    def at(self, current: float) -> Case:
        """The run at a mean current density [A/m2]."""
        return self.case.with_seed(self.seed).with_current(current)

    def key(self, current: float) -> str:
        """What a stored record is found by: the resolved run, its data files and the version."""
        return fingerprint(self.at(current), f"{self.seed} {current!r}")


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
) -> Iterator[tuple[float, Record]]:
    """Solve a job at the currents in ``keys`` on one mesh, the smallest first; collective.

    A surface that cannot be meshed, a run that is refused or does not converge or whose balances
    stay open gives a record with the reason, and the next current starts from rest. Frees the
    solver at the end.
    """
    ordered = sorted(keys, key=abs)
    try:
        meshed = mesh_case(job.at(ordered[0]), comm)
        problem = Problem(job.at(ordered[0]), meshed.domain)
    except (MeshError, CaseError) as error:
        for current in ordered:
            yield current, Record(keys[current], reason=str(error))
        return
    try:
        good = True
        for number, current in enumerate(ordered):
            if number:
                problem.retarget(job.at(current))
            if not good:
                problem.rest()
            record = _run(keys[current], current, problem, meshed, on_result)
            good = record.reason is None
            yield current, record
    finally:
        problem.close()


def _run(
    key: str, current: float, problem: Problem, meshed: Meshed, on_result: OnRun | None
) -> Record:
    try:
        result = solve_on(problem, require_valid(problem.case), meshed.quality, {})
    except (SolveError, BalanceError, CaseError) as error:
        return Record(key, reason=str(error))
    if on_result is not None:
        on_result(result, current)
    return Record(
        key,
        {name: h.metrics() for name, h in result.homogeneity.items()},
        scalars_of(result),
        None,
        result.homogeneity[DRAWN].spectrum,
        result.anode.facet_means(DRAWN),
        on_result is not None,
    )


def _data_files(case: Case) -> list[Path]:
    files = [case.mesh.file]
    if case.geometry.surface.shape == "map":
        files.append(case.geometry.surface.file)
    files += [k.map.file for k in case.kinetics.values() if k.map is not None]
    return [Path(file) for file in files if file is not None]
