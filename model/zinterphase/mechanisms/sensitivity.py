"""Global sensitivity of an anode to its uncertain numbers, by SALib."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

from zinterphase.ensemble.groups import Progress
from zinterphase.ensemble.setting import currents_of
from zinterphase.ensemble.subject import Subject
from zinterphase.errors import CaseError, SolveError
from zinterphase.mechanisms.defaults import CURRENTS, Method
from zinterphase.mechanisms.points import (
    Answer,
    Points,
    points_of,
    quantities,
    solve_points,
)
from zinterphase.mechanisms.ranges import Anodes, RangedFactor
from zinterphase.observe.statistics import CONFIDENCE
from zinterphase.output.files import write_json, write_rows
from zinterphase.parallel import on_root

MINIMUM = {"morris": 4, "sobol": 8}
"""Fewest trajectories (Morris) and base samples (Sobol)."""
RESAMPLES = 1000
RANDOM_STATE = 20250101
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SensitivityPlan:
    """A quasi-random design and the points it asks for.

    Attributes
    ----------
    method : "morris" (elementary effects) or "sobol" (shares of the variance).
    factors : What is varied; choices are not.
    places : The design on the unit cube, shape (blocks x rows of a block, factors).
    block : Rows that belong together and are left out together.
    asked : The cases.
    """

    method: Method
    factors: tuple[RangedFactor, ...]
    places: Array
    block: int
    asked: Points

    @property
    def problem(self) -> dict[str, Any]:
        """The factors as SALib takes them."""
        return _problem(self.factors)


@dataclass(frozen=True)
class Index:
    """Indices of one factor for one quantity at one current, with SALib's 95 % half widths.

    Morris: ``first`` is mu, the mean elementary effect over the whole range, ``total`` mu*, that of
    its size, ``spread`` sigma, their standard deviation. Sobol: ``first`` S1, ``total`` ST.
    """

    factor: str
    quantity: str
    current: float
    first: float
    first_half_width: float | None
    total: float
    total_half_width: float
    spread: float | None


@dataclass(frozen=True)
class Sensitivity:
    """All indices of the quantities that every run has; blocks of the design with a run that gave
    no solution are left out."""

    subject: Subject
    method: Method
    factors: tuple[str, ...]
    blocks: int
    lost: tuple[str, ...]
    seeds: tuple[int, ...]
    indices: tuple[Index, ...]


def plan_sensitivity(
    setting: Anodes,
    *,
    method: Method,
    samples: int,
    currents: Sequence[float] | None,
    seeds: Sequence[int],
) -> SensitivityPlan:
    """The design of a method: Morris trajectories, or Saltelli's sample of a Sobol sequence.

    Parameters
    ----------
    setting : The anode and its factors.
    method : "morris" or "sobol".
    samples : Trajectories of Morris, base samples of Sobol (a power of two).
    currents : Mean current densities [A/m2]; the first of those of a study by default. None with
        a protocol.
    seeds : Seeds behind every number.

    Raises
    ------
    CaseError
        The number of samples, or a case, is refused.
    """
    if samples < MINIMUM[method]:
        raise CaseError("--samples", samples, f"at least {MINIMUM[method]} with {method}")
    if method == "sobol" and samples & (samples - 1):
        raise CaseError("--samples", samples, "a power of two with sobol")
    factors = tuple(factor for factor in setting.factors if factor.choice is None)
    places = _sample(method, factors, samples)
    names = [factor.name for factor in factors]
    points = [dict(zip(names, map(float, row), strict=True)) for row in places]
    chosen = currents_of([setting.board.base.case()], currents, CURRENTS[:1])
    asked = points_of(setting, points, chosen, seeds)
    block = len(factors) + (1 if method == "morris" else 2)
    return SensitivityPlan(method, factors, places, block, asked)


def sensitivity(
    plan: SensitivityPlan,
    *,
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    members_at_once: int | None = None,
    progress: Progress = lambda text, done, total: None,
    folder: Path | None = None,
) -> Sensitivity:
    """Solve a design and tell indices; collective. Finished runs in ``folder`` are kept.

    Raises :class:`SolveError` where too few blocks of the design have a solution everywhere.
    """
    answers = solve_points(
        plan.asked, comm=comm, members_at_once=members_at_once, progress=progress, folder=folder
    )
    return on_root(comm, lambda: _reduced(plan, answers))


def _problem(factors: Sequence[RangedFactor]) -> dict[str, Any]:
    names = [factor.name for factor in factors]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _sample(method: Method, factors: Sequence[RangedFactor], samples: int) -> Array:
    # here, because it brings pandas, which takes as long to load as all the rest
    from SALib.sample import morris, sobol

    problem = _problem(factors)
    if method == "morris":
        return np.asarray(morris.sample(problem, samples, seed=RANDOM_STATE))
    found = sobol.sample(problem, samples, calc_second_order=False, seed=RANDOM_STATE)
    return np.asarray(found)


def _reduced(plan: SensitivityPlan, answers: Sequence[dict[float, Answer]]) -> Sensitivity:
    lost: dict[int, str] = {}
    for number, row in enumerate(answers):
        for answer in row.values():
            if answer.reason is not None:
                lost.setdefault(number // plan.block, answer.reason)
    rows = [k for k in range(len(answers)) if k // plan.block not in lost]
    blocks = len(rows) // plan.block
    if blocks < 2:
        reason = next(iter(lost.values()), "no samples")
        raise SolveError(f"{blocks} of {len(answers) // plan.block} samples are whole: {reason}")
    indices: list[Index] = []
    for current in plan.asked.currents:
        for quantity in quantities(plan.asked.subject):
            found = [answers[k][current].numbers.get(quantity, np.nan) for k in rows]
            values = np.array(found)
            if np.all(np.isfinite(values)):
                indices += _indices(plan, rows, values, quantity, current)
    return Sensitivity(
        plan.asked.subject,
        plan.method,
        tuple(factor.name for factor in plan.factors),
        blocks,
        tuple(lost.values()),
        plan.asked.seeds,
        tuple(indices),
    )


def _indices(
    plan: SensitivityPlan, rows: Sequence[int], values: Array, quantity: str, current: float
) -> list[Index]:
    from SALib.analyze import morris, sobol

    columns: tuple[str | None, ...]
    options = {"num_resamples": RESAMPLES, "conf_level": CONFIDENCE, "seed": RANDOM_STATE}
    names = [factor.name for factor in plan.factors]
    if np.ptp(values) <= np.finfo(float).eps * np.abs(values).max():
        # nothing answers: there is no variance to share out
        none = None if plan.method == "morris" else 0.0
        spread = 0.0 if plan.method == "morris" else None
        return [Index(name, quantity, current, 0.0, none, 0.0, 0.0, spread) for name in names]
    if plan.method == "morris":
        found = morris.analyze(plan.problem, plan.places[rows], values, **options)
        columns = ("mu", None, "mu_star", "mu_star_conf", "sigma")
    else:
        found = sobol.analyze(plan.problem, values, calc_second_order=False, **options)
        columns = ("S1", "S1_conf", "ST", "ST_conf", None)
    return [
        Index(name, quantity, current, *(_number(found, column, k) for column in columns))  # type: ignore[arg-type]
        for k, name in enumerate(names)
    ]


def _number(found: Any, column: str | None, k: int) -> float | None:
    return None if column is None else float(np.asarray(found[column])[k])


def write_sensitivity(found: Sensitivity, folder: Path) -> None:
    """Write the indices. Not collective: one rank writes."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [vars(index) for index in found.indices]
    meta = {
        "field": found.subject.field,
        "method": found.method,
        "factors": list(found.factors),
        "samples": found.blocks,
        "left_out": list(found.lost),
        "seeds": list(found.seeds),
        "confidence": CONFIDENCE,
    }
    write_json(folder / "sensitivity.json", {**meta, "indices": rows})
    write_rows(folder / "sensitivity.csv", rows)
