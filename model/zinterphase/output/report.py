"""What a run writes of its result, each number with its unit and what is known of its error."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from zinterphase.cell.advice import notices
from zinterphase.observe.goals import CV, SMOOTHED_MAXIMUM, TOTAL
from zinterphase.observe.homogeneity import Homogeneity
from zinterphase.observe.kinetic import POTENTIAL
from zinterphase.observe.profiles import Samples
from zinterphase.result import Result
from zinterphase.solve.continuation import Attempt
from zinterphase.solve.newton import NewtonReport

NumberKind = Literal[
    "discretised", "imposed", "closed_form", "given", "estimate", "count", "switch", "list"
]
"""What a number is: one that a finer mesh would change, or why none would."""
REASONS: dict[NumberKind, str] = {
    "discretised": "one mesh: no discretisation error known",
    "closed_form": "closed form of the input",
    "given": "given by the case",
    "estimate": "an estimate of an error",
    "count": "a count",
    "switch": "a switch",
    "list": "a list",
}
"""Why a number of a kind has no error, for a reader."""
ESTIMATED = {
    TOTAL: "mean_current_density",
    POTENTIAL: "potential_against_bulk_equilibrium",
    CV: "current_density.cv",
    SMOOTHED_MAXIMUM: "current_density.max_over_mean",
}
"""Entries whose error is estimated, by goal."""
FIELD_UNITS = {
    "current_density": "A/m^2",
    "current_density_true_area": "A/m^2",
    "ion_flux_surface": "mol/m^2/s",
    "ion_flux_outer_face": "mol/m^2/s",
    "normal_field_ohp": "V/m",
    "normal_field_surface": "V/m",
}
"""Units of the fields whose homogeneity is told."""


@dataclass(frozen=True)
class Entry:
    """A number of `results.json`: its error where that is known, else the reason why not."""

    value: object
    unit: str
    kind: NumberKind
    error: float | None = None
    reason: str | None = None

    def as_dict(self) -> dict[str, object]:
        """Ready for JSON."""
        known = {"value": self.value, "unit": self.unit}
        if self.error is not None:
            return {**known, "error": self.error}
        return {**known, "reason": self.reason or REASONS[self.kind]}


def results(
    result: Result, more: Mapping[str, Mapping[str, object]] | None = None
) -> dict[str, Mapping[str, object]]:
    """The content of `results.json`; ``more`` is added to the entries of the same name, or new."""
    entries: dict[str, Mapping[str, object]] = {
        name: entry.as_dict() for name, entry in _entries(result).items()
    }
    for name, known in (more or {}).items():
        entries[name] = {**entries.get(name, {}), **known}
    return entries


def discretised(result: Result) -> dict[str, tuple[float, str]]:
    """Value and unit of every number of `results.json` that a finer mesh would change."""
    return {
        name: (entry.value, entry.unit)
        for name, entry in _entries(result).items()
        if entry.kind == "discretised" and isinstance(entry.value, float)
    }


def _entries(result: Result) -> dict[str, Entry]:
    entries = dict(_cell(result))
    for part, value in _voltage(result):
        entries[f"voltage.{part}"] = Entry(value, "V", "discretised")
    for field, metrics in result.homogeneity.items():
        entries |= {f"{field}.{k}": entry for k, entry in _homogeneity(field, metrics)}
    for name, error, reason in _estimated(result):
        if name in entries and entries[name].value is not None:
            entries[name] = replace(entries[name], error=error, reason=reason)
    return entries


def balance_rows(result: Result) -> list[dict[str, object]]:
    """The content of `balance.csv`."""
    return [
        {
            "balance": row.name,
            "left": row.left,
            "right": row.right,
            "unit": row.unit,
            "scale": row.scale,
            "mismatch_over_scale": row.mismatch,
        }
        for row in result.balances
    ]


def solver_rows(attempts: Sequence[Attempt]) -> list[dict[str, object]]:
    """The content of `solver.csv`: one row per Newton iteration of every attempt."""
    return [
        {
            "attempt": number,
            "load": attempt.load,
            "converged": attempt.converged,
            "iteration": k,
            "residual": iteration.residual,
            "step": iteration.step,
            "linear_iterations": iteration.linear_iterations,
        }
        for number, attempt in enumerate(attempts, 1)
        for k, iteration in enumerate(attempt.report.iterations, 1)
    ]


def profile_rows(samples: list[Samples]) -> list[dict[str, object]]:
    """The content of `profiles.csv`; points outside the liquid have empty cells."""
    rows: list[dict[str, object]] = []
    for sample in samples:
        for k, point in enumerate(sample.position):
            axes = dict(zip("xyz", map(float, point), strict=False))
            values = {n: _finite(float(v[k])) for n, v in sample.values.items()}
            rows.append({"line": sample.label, **axes, **values})
    return rows


def _cell(result: Result) -> Iterator[tuple[str, Entry]]:
    regime, problem = result.regime, result.problem
    imposed = result.case.control.current_density is not None
    newton = last_report(result)
    algebraic = max(newton.residuals.values()) * abs(result.mean_current_density)
    mean = Entry(result.mean_current_density, "A/m^2", "discretised")
    if imposed:
        mean = replace(mean, kind="imposed", error=algebraic)
    yield "mean_current_density", mean
    yield "potential_against_bulk_equilibrium", Entry(result.potential, "V", "discretised")
    yield "debye_length", Entry(regime.debye_length, "m", "closed_form")
    limit, share = _finite(regime.limiting_current), _finite(result.limiting_fraction)
    definition = regime.limiting_definition
    yield "limiting_current_density", Entry(limit, "A/m^2", "closed_form", reason=definition)
    yield "limiting_current_fraction", Entry(share, "1", "discretised")
    yield "exchange_current_density", Entry(regime.exchange_current, "A/m^2", "closed_form")
    yield "polarisation_resistance", Entry(regime.polarisation_resistance, "ohm m^2", "closed_form")
    yield "apparent_conductivity", Entry(regime.apparent_conductivity, "S/m", "closed_form")
    yield "wagner_length", Entry(regime.wagner_length, "m", "closed_form")
    yield "wagner_number", Entry(regime.wagner_number, "1", "closed_form")
    if result.polarisation is not None:
        depletion = result.polarisation
        yield "concentration_polarisation.mean", Entry(depletion.mean, "1", "discretised")
        yield "concentration_polarisation.largest", Entry(depletion.largest, "1", "discretised")
    for layer, share in result.transference_numbers.items():
        yield f"transference_number.{layer}", Entry(share, "1", "discretised")
    remaining = newton.algebraic_error * problem.bulk.thermal_voltage
    yield "algebraic_error_of_potentials", Entry(remaining, "V", "estimate")
    yield "unknowns", Entry(problem.system.global_size, "1", "count")
    yield "warnings", Entry(_warnings(result), "1", "list")
    yield "inside_validity", Entry(not regime.refusals, "1", "switch")


def _warnings(result: Result) -> list[str]:
    return [x for x in notices(result.case, result.regime) if not x.startswith("note: ")]


def _estimated(result: Result) -> Iterator[tuple[str, float | None, str | None]]:
    """Names of entries, their estimated errors, or why they have none."""
    if result.errors is None:
        return
    area, found = result.problem.projected_area, result.errors.goals
    projected = result.homogeneity.get("current_density")
    peak = None if projected is None else projected.max_over_mean
    factors = {TOTAL: 1 / area, POTENTIAL: 1.0, CV: 1.0}
    if SMOOTHED_MAXIMUM in found and peak is not None:
        # The relative error of the p-norm stands for that of the largest value.
        factors[SMOOTHED_MAXIMUM] = peak / found[SMOOTHED_MAXIMUM].value
    for goal, name in ESTIMATED.items():
        if goal in found:
            yield name, abs(factors[goal] * result.errors.error(goal)), None
        elif goal in result.errors.reasons:
            yield name, None, f"no error estimate: {result.errors.reasons[goal]}"


def _voltage(result: Result) -> Iterator[tuple[str, float]]:
    parts = result.voltage
    if parts is None:
        return
    yield "total", parts.total
    yield "kinetic", parts.kinetic
    yield "counter_kinetic", parts.counter_kinetic
    yield "electronic", parts.electronic
    for layer in parts.ohmic:
        yield f"ohmic.{layer}", parts.ohmic[layer]
        yield f"concentration.{layer}", parts.concentration[layer]


def _homogeneity(field: str, metrics: Homogeneity) -> Iterator[tuple[str, Entry]]:
    for key, value in metrics.metrics().items():
        unit = FIELD_UNITS[field] if key == "mean" else "1"
        yield key, Entry(value, unit, "discretised", reason=metrics.reasons.get(key))
    yield "smoothing_radius", Entry(metrics.smoothing_radius, "m", "given")


def last_report(result: Result) -> NewtonReport:
    """The Newton loop that reached the full load."""
    report = result.attempts[-1].report
    assert isinstance(report, NewtonReport)
    return report


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
