"""Numerical errors of CVs and homogenisation factors, from the same surfaces on finer meshes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from zinterphase.case import Case
from zinterphase.ensemble.homogenisation import HomogenisationTable
from zinterphase.ensemble.jobs import Job
from zinterphase.ensemble.members import Record
from zinterphase.ensemble.refinement import refined

ALGEBRAIC_ERROR = 1e-8
"""Error of a CV that the tolerances of the solver leave."""
FIRST_ORDER = 2.0
"""The error of a quantity of first order is twice what halving the cells changes."""
ESTIMATED = (
    "twice the change on halving every cell, on the first seed; at least the solver's tolerance"
)
OF_SPACE = "; of runs in time the error of the mesh alone, that of time follows time.rtol"
ASSUMED = "the solver's tolerance alone; the mesh is not part of it"


@dataclass(frozen=True)
class NumericalError:
    """Errors of one field of one anode at one current; what is None is not known.

    ``homogenisation_error`` is that of H, whose two CVs share much of their errors; the reference
    has none.
    """

    case: str
    current: float
    field: str
    cv: float | None
    cv_error: float | None
    homogenisation_error: float | None


def study_jobs(cases: Sequence[Case], labels: Sequence[str], seed: int) -> list[Job]:
    """Each case with every cell halved; none in 3D, where that costs more than all the rest."""
    if cases[0].geometry.dimension == 3:
        return []
    return [
        Job(k, labels[k], refined(case, 2.0), seed, refined=True) for k, case in enumerate(cases)
    ]


def numerical_errors(
    labels: Sequence[str],
    study: Sequence[tuple[Job, Mapping[float, Record]]],
    given: Callable[[int, float, int], Record],
) -> tuple[NumericalError, ...]:
    """Errors by anode, current and field; ``given`` finds the run of a case, current and seed."""
    fine = {(job.case_index, i): record for job, runs in study for i, record in runs.items()}
    seeds = {job.case_index: job.seed for job, _ in study}
    rows = []
    for (k, i), better in fine.items():
        own = (given(k, i, seeds[k]), better)
        bare = (given(0, i, seeds[k]), fine.get((0, i)))
        for name in own[0].metrics:
            cvs = [_cv(record, name) for record in own]
            factors = [_factor(_cv(b, name), cv) for b, cv in zip(bare, cvs, strict=True)]
            error = _error(*factors) if k else None
            rows.append(NumericalError(labels[k], i, name, cvs[0], _error(*cvs), error))
    return tuple(rows)


def reference_errors(
    errors: Sequence[NumericalError], reference: str, fields: Sequence[str]
) -> dict[str, float]:
    """Largest error of the reference's CV over the currents, by field."""
    largest = dict.fromkeys(fields, ALGEBRAIC_ERROR)
    for row in errors:
        if row.case == reference and row.cv_error is not None:
            largest[row.field] = max(largest[row.field], row.cv_error)
    return largest


def undecided(
    table: HomogenisationTable, errors: Sequence[NumericalError], label: str
) -> tuple[str, ...]:
    """A warning that names the factors of an anode that are within their numerical errors."""
    places: dict[str, list[str]] = {}
    for row in errors:
        if row.case != label or row.homogenisation_error is None:
            continue
        factor = table.row(label, row.current, row.field).homogenisation.value
        if factor is not None and abs(factor) <= row.homogenisation_error:
            places.setdefault(row.field, []).append(f"{0.1 * row.current:.4g}")
    if not places:
        return ()
    where = "; ".join(f"{name} at {', '.join(at)} mA/cm^2" for name, at in places.items())
    return (f"warning: H is within the error of the mesh, no effect is shown: {where}",)


def _cv(record: Record | None, name: str) -> float | None:
    return None if record is None else record.metrics.get(name, {}).get("cv")


def _factor(bare: float | None, coated: float | None) -> float | None:
    return None if not bare or coated is None else 1.0 - coated / bare


def _error(coarse: float | None, fine: float | None) -> float | None:
    if coarse is None or fine is None:
        return None
    return max(ALGEBRAIC_ERROR, FIRST_ORDER * abs(coarse - fine))
