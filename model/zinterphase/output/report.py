"""What a run writes of its result, each number with its unit and what is known of its error."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from zinterphase.observe.goals import CV, SMOOTHED_MAXIMUM, TOTAL
from zinterphase.observe.homogeneity import Homogeneity
from zinterphase.observe.kinetic import POTENTIAL
from zinterphase.observe.profiles import Samples
from zinterphase.output.convergence import Convergence
from zinterphase.result import Result
from zinterphase.solve.continuation import Attempt
from zinterphase.solve.newton import NewtonReport

Entry = Mapping[str, object]
ONE_MESH = "one mesh: no discretisation error known"
ESTIMATED = {
    TOTAL: "mean_current_density",
    POTENTIAL: "potential_against_bulk_equilibrium",
    CV: "current_density.cv",
    SMOOTHED_MAXIMUM: "current_density.max_over_mean",
}
"""Entries whose error is estimated, by goal."""
FIELD_UNITS = {"current_density": "A/m^2", "ion_flux": "mol/m^2/s", "normal_field": "V/m"}


def results(result: Result, convergence: Convergence | None = None) -> dict[str, Entry]:
    """The content of `results.json`, with errors where a family of meshes ends in this one."""
    entries = _on_one_mesh(result)
    if convergence is None:
        return entries
    for name, quantity in convergence.quantities.items():
        error, reason = quantity.estimate.error, quantity.estimate.reason
        entries[name] = {**entries[name], "error": error, "reason": reason}
    spent = convergence.spent()
    entries["accuracy.asked"] = _entry(convergence.tolerance, "1", "given by the case")
    entries["accuracy.met"] = _entry(convergence.met, "1", "a switch")
    entries["accuracy.meshes"] = _entry(spent["meshes"], "1", "a count")
    entries["accuracy.unknowns"] = _entry(sum(m.unknowns for m in convergence.meshes), "1", "a sum")
    entries["accuracy.seconds"] = _entry(sum(m.seconds for m in convergence.meshes), "s", "a sum")
    return entries


def discretised(result: Result) -> dict[str, tuple[float, str]]:
    """Value and unit of every number of `results.json` that a finer mesh would change."""
    return {
        name: (value, str(entry["unit"]))
        for name, entry in _on_one_mesh(result).items()
        if entry.get("reason") == ONE_MESH and isinstance(value := entry["value"], float)
    }


def _on_one_mesh(result: Result) -> dict[str, Entry]:
    entries = dict(_cell(result))
    for name, value in _voltage(result):
        entries[f"voltage.{name}"] = _entry(value, "V", ONE_MESH)
    for name, metrics in result.homogeneity.items():
        entries |= {f"{name}.{k}": entry for k, entry in _homogeneity(name, metrics)}
    for name, entry in _estimated(result):
        kept = {key: entries[name][key] for key in ("value", "unit")}
        if kept["value"] is not None:
            entries[name] = {**kept, **entry}
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
    yield (
        "mean_current_density",
        {"value": result.mean_current_density, "unit": "A/m^2", "error": algebraic}
        if imposed
        else _entry(result.mean_current_density, "A/m^2", ONE_MESH),
    )
    yield "potential_against_bulk_equilibrium", _entry(result.potential, "V", ONE_MESH)
    exact = "closed form of the input"
    yield "debye_length", _entry(regime.debye_length, "m", exact)
    limit, share = _finite(regime.limiting_current), _finite(result.limiting_fraction)
    yield "limiting_current_density", _entry(limit, "A/m^2", regime.limiting_definition)
    yield "limiting_current_fraction", _entry(share, "1", ONE_MESH)
    yield "exchange_current_density", _entry(regime.exchange_current, "A/m^2", exact)
    yield "polarisation_resistance", _entry(regime.polarisation_resistance, "ohm m^2", exact)
    yield "apparent_conductivity", _entry(regime.apparent_conductivity, "S/m", exact)
    yield "wagner_length", _entry(regime.wagner_length, "m", exact)
    yield "wagner_number", _entry(regime.wagner_number, "1", exact)
    if result.polarisation is not None:
        depletion = result.polarisation
        yield "concentration_polarisation.mean", _entry(depletion.mean, "1", ONE_MESH)
        yield "concentration_polarisation.largest", _entry(depletion.largest, "1", ONE_MESH)
    for layer, share in result.transference_numbers.items():
        yield f"transference_number.{layer}", _entry(share, "1", ONE_MESH)
    remaining = newton.algebraic_error * problem.bulk.thermal_voltage
    yield "algebraic_error_of_potentials", _entry(remaining, "V", "an estimate of an error")
    yield "unknowns", _entry(problem.system.global_size, "1", "a count")
    yield "inside_validity", _entry(not regime.refusals, "1", "a switch")


def _estimated(result: Result) -> Iterator[tuple[str, Entry]]:
    """Errors of the numbers that have an estimate, by the name of their entry, or why not."""
    if result.errors is None:
        return
    area, found = result.problem.projected_area, result.errors.goals
    peak = result.homogeneity["current_density"].max_over_mean
    factors = {TOTAL: 1 / area, POTENTIAL: 1.0, CV: 1.0}
    if SMOOTHED_MAXIMUM in found and peak is not None:
        # The relative error of the p-norm stands for that of the largest value.
        factors[SMOOTHED_MAXIMUM] = peak / found[SMOOTHED_MAXIMUM].value
    for goal, name in ESTIMATED.items():
        if goal in found:
            yield name, {"error": abs(factors[goal] * result.errors.error(goal))}
        elif goal in result.errors.reasons:
            yield name, {"reason": f"no error estimate: {result.errors.reasons[goal]}"}


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


def _homogeneity(name: str, metrics: Homogeneity) -> Iterator[tuple[str, Entry]]:
    unit = next(u for field, u in FIELD_UNITS.items() if name.startswith(field))
    for key, value in metrics.metrics().items():
        reason = metrics.reasons.get(key, ONE_MESH)
        yield key, _entry(value, unit if key == "mean" else "1", reason)
    yield "smoothing_radius", _entry(metrics.smoothing_radius, "m", "given by the case")


def last_report(result: Result) -> NewtonReport:
    """The Newton loop that reached the full load."""
    report = result.attempts[-1].report
    assert isinstance(report, NewtonReport)
    return report


def _entry(value: object, unit: str, reason: str) -> Entry:
    return {"value": value, "unit": unit, "reason": reason}


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
