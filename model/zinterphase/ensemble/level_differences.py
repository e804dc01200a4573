"""One case at several levels of theory: how far apart their answers are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.advice import Regime, require_valid
from zinterphase.ensemble.marched import march_record
from zinterphase.errors import CaseError, SolveError
from zinterphase.output.results import discretised
from zinterphase.result import Result
from zinterphase.run import solve

type Numbers = Mapping[str, tuple[float, str]]
"""Values and units by their keys."""


@dataclass(frozen=True)
class LevelDifferences:
    """Numbers of a case by level, SI.

    Attributes
    ----------
    title : Of the case.
    levels : The reference first.
    values : By quantity and level; a level that does not have a quantity is left out.
    units : By quantity.
    regimes : By level, where the model places the case.
    """

    title: str
    levels: tuple[str, ...]
    values: Mapping[str, Mapping[str, float]]
    units: Mapping[str, str]
    regimes: Mapping[str, Regime]

    def difference(self, quantity: str, level: str) -> float | None:
        """Value over that of the reference less one; None where either is missing or zero."""
        row = self.values[quantity]
        if level not in row or not row.get(self.levels[0]):
            return None
        return row[level] / row[self.levels[0]] - 1.0


def compare_levels(cases: Sequence[Case], comm: MPI.Intracomm = MPI.COMM_WORLD) -> LevelDifferences:
    """Solve ``cases``, which are one case read at several levels, one after the other; collective.

    Cases with a protocol are marched through it; the numbers are those of the deposit after the
    last step that plates and of the last cycle.

    Raises :class:`CaseError` for fewer than two levels, or one twice, besides what solving raises.
    """
    levels: tuple[str, ...] = tuple(case.level for case in cases)
    if len(levels) < 2 or len(set(levels)) < len(levels):
        raise CaseError("--level", ", ".join(levels), "two or more levels, each once")
    by_level: dict[str, Case] = {case.level: case for case in cases}
    return compared(cases[0].title, by_level, lambda case: _numbers(case, comm))


def compared(
    title: str,
    cases: Mapping[str, Case],
    numbers: Callable[[Case], Numbers],
) -> LevelDifferences:
    """The numbers of cases side by side, by level or by another name; collective as ``numbers``."""
    regimes = {label: require_valid(case) for label, case in cases.items()}
    values: dict[str, dict[str, float]] = {}
    units: dict[str, str] = {}
    for label, case in cases.items():
        for name, (value, unit) in numbers(case).items():
            values.setdefault(name, {})[label] = value
            units[name] = unit
    return LevelDifferences(title, tuple(cases), values, units, regimes)


def _numbers(case: Case, comm: MPI.Intracomm) -> Numbers:
    """Values and units of what discretisation leaves its mark on."""
    if case.protocol:
        record = march_record("", case, comm)
        if record.reason is not None:
            raise SolveError(f"level {case.level}: {record.reason}")
        return record.numbers()
    return steady_numbers(case, comm)


def steady_numbers(
    case: Case, comm: MPI.Intracomm, further: Callable[[Result], Numbers] = lambda result: {}
) -> Numbers:
    """The same of a case without a protocol, with ``further`` ones; collective."""
    result = solve(case, comm)
    try:
        return {**discretised(result), **further(result)}
    finally:
        result.problem.close()
