"""Every number of a result by its key: the content of `results.json`, listed in docs/results.md."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isnan

from zinterphase.cell.advice import notices
from zinterphase.cell.electrodes import ElectrodeParts
from zinterphase.cell.precipitation import solids_of
from zinterphase.observe import keys
from zinterphase.observe.acidity import ACIDITY, PRECIPITATION, SATURATION
from zinterphase.observe.currents import Turns
from zinterphase.observe.goals import (
    CHARGE,
    CV,
    CV_METAL,
    POTENTIAL,
    SMOOTHED_MAXIMUM,
    SMOOTHED_MAXIMUM_METAL,
    TOTAL,
)
from zinterphase.observe.homogeneity import Homogeneity
from zinterphase.observe.quantity import Kind, Quantity
from zinterphase.observe.reactions import (
    corrosion_current,
    gas_production,
    ion_production,
    reaction_currents,
)
from zinterphase.observe.surface import SurfaceMap
from zinterphase.output.files import finite
from zinterphase.result import Result
from zinterphase.scales import GAS_VOLUME
from zinterphase.solve.newton import NewtonReport

ESTIMATED = {
    TOTAL: keys.MEAN_CURRENT_DENSITY,
    POTENTIAL: keys.POTENTIAL,
    CV: keys.CV,
    SMOOTHED_MAXIMUM: keys.MAX_OVER_MEAN,
    CV_METAL: keys.CV_METAL,
    SMOOTHED_MAXIMUM_METAL: keys.MAX_OVER_MEAN_METAL,
    CHARGE: keys.CHARGE_DENSITY,
}
"""Quantities whose error is estimated, by goal."""
PEAKS = {
    SMOOTHED_MAXIMUM: keys.CURRENT_DENSITY,
    SMOOTHED_MAXIMUM_METAL: keys.CURRENT_DENSITY_TRUE_AREA,
}
"""Fields whose largest value a goal stands for."""
NO_NET_CURRENT = "the net current vanishes"

Entries = Iterator[tuple[str, Quantity]]


def quantities(result: Result) -> dict[str, Quantity]:
    """Every number of a result. Not collective."""
    found = {
        **dict(_electrodes(result)),
        **dict(_liquid(result)),
        **dict(_film(result)),
        **dict(_cell(result)),
        **dict(_run(result)),
    }
    for field, metrics in result.homogeneity.items():
        found |= {f"{field}.{name}": number for name, number in _homogeneity(metrics)}
    for name, error, reason in _estimated(result):
        if name in found and found[name].value is not None:
            found[name] = replace(found[name], error=error, reason=reason)
    return found


def discretised(result: Result) -> dict[str, tuple[float, str]]:
    """Value and unit of every number that a finer mesh would change."""
    return {
        name: (quantity.value, quantity.unit)
        for name, quantity in quantities(result).items()
        if quantity.kind is Kind.DISCRETISED and isinstance(quantity.value, float)
    }


def last_report(result: Result) -> NewtonReport:
    """The Newton loop that reached the full load."""
    report = result.attempts[-1].report
    assert isinstance(report, NewtonReport)
    return report


def _discretised(value: float | None, unit: str, reason: str | None = None) -> Quantity:
    return Quantity(value, unit, Kind.DISCRETISED, reason=reason)


def _closed_form(value: float, unit: str) -> Quantity:
    return Quantity(value, unit, Kind.CLOSED_FORM)


def _electrodes(result: Result) -> Entries:
    regime, cell, currents = result.regime, result.problem.cell, result.currents
    yield keys.MEAN_CURRENT_DENSITY, _current(result, result.mean_current_density)
    yield keys.POTENTIAL, _discretised(result.potential, "V")
    if result.charge is not None:
        density = result.charge / float(result.surface.area.sum())
        yield keys.CHARGE_DENSITY, _discretised(density, "C/m^2")
    if result.tip_to_base is not None:
        yield keys.TIP_TO_BASE, _discretised(result.tip_to_base, "1")
    yield "working.mean_ion_flux", _discretised(result.mean_ion_flux, "mol/m^2/s")
    if result.polarisation is not None:
        depletion = result.polarisation
        yield "working.mean_concentration_polarisation", _discretised(depletion.mean, "1")
        yield "working.largest_concentration_polarisation", _discretised(depletion.largest, "1")
    yield from _acidity(result.surface)
    main = cell.working.surface.main.name
    resistance = _closed_form(regime.polarisation_resistance, "ohm m^2")
    yield keys.reaction_key("working", main, "polarisation_resistance"), resistance
    yield from _reactions(result, cell.working, currents.working, currents.working_turns)
    if cell.counter is not None and currents.counter is not None:
        mean = sum(currents.counter.values()) / result.problem.projected_area
        yield "counter.mean_current_density", _current(result, mean)
        yield from _reactions(result, cell.counter, currents.counter, currents.counter_turns)


def _acidity(surface: SurfaceMap) -> Entries:
    """pH, saturation indices and what precipitates on the working surface, facet by facet."""
    for name in surface.values:
        unit = "1"
        if name == ACIDITY:
            key = keys.WALL_ACIDITY
        elif name.startswith(SATURATION):
            key = keys.saturation_key("working", name.removeprefix(SATURATION))
        elif name.startswith(PRECIPITATION):
            key, unit = keys.precipitation_key(name.removeprefix(PRECIPITATION)), "mol/m^2/s"
        else:
            continue
        facets = surface.facet_means(name)
        yield f"{key}.mean", _discretised(facets.mean(name), unit)
        yield f"{key}.max", _discretised(float(facets.values[name].max()), unit)


def _current(result: Result, value: float) -> Quantity:
    """A current density that follows from the control where a current is imposed."""
    if result.case.control.current_density is None:
        return _discretised(value, "A/m^2")
    algebraic = max(last_report(result).residuals.values()) * abs(result.mean_current_density)
    return Quantity(value, "A/m^2", Kind.IMPOSED, error=algebraic)


def _reactions(
    result: Result,
    parts: ElectrodeParts,
    currents: Mapping[tuple[str, str], float],
    turns: Turns,
) -> Entries:
    """Of every reaction of an electrode, and of all its reactions together."""
    area, name = result.problem.projected_area, parts.name
    found = list(reaction_currents(parts, currents, area))
    alone = len(found) == 1
    kind = Kind.IMPOSED if alone and _imposed(result) else Kind.DISCRETISED
    for law in parts.surface.reactions:
        exchange = _closed_form(law.equilibrium.exchange_current_density, "A/m^2")
        yield keys.reaction_key(name, law.name, "exchange_current_density"), exchange
    for reaction in found:
        mean = reaction.mean_current_density
        current = _current(result, mean) if alone else _discretised(mean, "A/m^2")
        yield keys.reaction_key(name, reaction.name, "mean_current_density"), current
        yield keys.reaction_key(name, reaction.name, "current_share"), _share(reaction.share, alone)
        for ion, amount in reaction.ion_production.items():
            made = Quantity(amount, "mol/m^2/s", kind)
            yield keys.reaction_key(name, reaction.name, f"ion_production.{ion}"), made
        for gas, amount in reaction.gas_production.items():
            evolved = _discretised(amount, "mol/m^2/s")
            yield keys.reaction_key(name, reaction.name, f"gas_production.{gas}"), evolved
    yield from _steps(parts, turns, area)
    kind = Kind.DISCRETISED if turns else kind
    for ion, amount in ion_production(parts, currents, turns, area).items():
        yield f"{name}.ion_production.{ion}", Quantity(amount, "mol/m^2/s", kind)
    for gas, amount in gas_production(parts, currents, turns, area).items():
        yield f"{name}.gas_production.{gas}", _discretised(amount, "mol/m^2/s")
        yield f"{name}.gas_volume.{gas}", _discretised(amount * GAS_VOLUME, "m/s")
    corrosion = corrosion_current(parts, currents, turns, area)
    if corrosion is not None:
        yield f"{name}.corrosion_current_density", _discretised(corrosion, "A/m^2")


def _steps(parts: ElectrodeParts, turns: Turns, area: float) -> Entries:
    """Of every chemical step of an electrode, over all walls."""
    for name in dict.fromkeys(name for _, name in turns):
        own = {key: rate for key, rate in turns.items() if key[1] == name}
        rate = _discretised(sum(own.values()) / area, "mol/m^2/s")
        yield keys.reaction_key(parts.name, name, "rate"), rate
        for ion, amount in ion_production(parts, {}, own, area).items():
            made = _discretised(amount, "mol/m^2/s")
            yield keys.reaction_key(parts.name, name, f"ion_production.{ion}"), made
        for gas, amount in gas_production(parts, {}, own, area).items():
            evolved = _discretised(amount, "mol/m^2/s")
            yield keys.reaction_key(parts.name, name, f"gas_production.{gas}"), evolved


def _imposed(result: Result) -> bool:
    return result.case.control.current_density is not None


def _share(share: float | None, alone: bool) -> Quantity:
    if share is None:
        return _discretised(None, "1", NO_NET_CURRENT)
    return Quantity(share, "1", Kind.DEFINITION if alone else Kind.DISCRETISED)


def _liquid(result: Result) -> Entries:
    regime = result.regime
    yield "liquid.debye_length", _closed_form(regime.debye_length, "m")
    definition = regime.limiting_definition
    limit, share = finite(regime.limiting_current), finite(result.limiting_fraction)
    density = Quantity(limit, "A/m^2", Kind.CLOSED_FORM, reason=definition)
    yield "liquid.limiting_current_density", density
    yield (
        "liquid.limiting_current_fraction",
        _discretised(share, "1", definition if share is None else None),
    )
    yield "liquid.apparent_conductivity", _closed_form(regime.apparent_conductivity, "S/m")
    if not isnan(result.trace_share):
        yield "liquid.trace_share", _discretised(result.trace_share, "1")
    problem = result.problem
    for solid in solids_of(problem.case, problem.bulk):
        index = _closed_form(solid.index(problem.bulk), "1")
        yield keys.saturation_key("liquid", solid.name), index
    for layer, share in result.transference_numbers.items():
        yield f"liquid.transference_number.{layer}", _discretised(share, "1")


def _film(result: Result) -> Entries:
    """Of the layers between the working metal and the free electrolyte."""
    films, parts = result.problem.stack.liquid[:-1], result.voltage
    if parts is not None:
        film = sum(parts.ohmic[name] + parts.concentration[name] for name in films)
        yield "film.voltage", _discretised(float(film), "V")
        share = film / parts.total if parts.total else 0.0
        yield "film.voltage_share", _discretised(share, "1")
    if films and films[0] in result.transference_numbers:
        number = result.transference_numbers[films[0]]
        yield "film.transference_number", _discretised(number, "1")


def _cell(result: Result) -> Entries:
    regime, parts = result.regime, result.voltage
    yield "cell.wagner_length", _closed_form(regime.wagner_length, "m")
    yield "cell.wagner_number", _closed_form(regime.wagner_number, "1")
    if parts is None:
        return
    kinetic = {"working": parts.kinetic, "counter": parts.counter_kinetic}
    yield f"{keys.VOLTAGE}.total", _discretised(parts.total, "V")
    for name, split in (
        ("kinetic", kinetic),
        ("ohmic", parts.ohmic),
        ("concentration", parts.concentration),
    ):
        yield f"{keys.VOLTAGE}.{name}", _discretised(sum(split.values()), "V")
        for part, value in split.items():
            yield f"{keys.VOLTAGE}.{name}.{part}", _discretised(value, "V")
    yield f"{keys.VOLTAGE}.electronic", _discretised(parts.electronic, "V")


def _run(result: Result) -> Entries:
    problem, case, regime = result.problem, result.case, result.regime
    remaining = last_report(result).algebraic_error * problem.bulk.thermal_voltage
    lines = notices(case, result.findings)
    warnings = [x for x in lines if not x.startswith("note: ")]
    yield "run.algebraic_error_of_potentials", Quantity(remaining, "V", Kind.ESTIMATE)
    yield "run.unknowns", Quantity(problem.system.global_size, "1", Kind.COUNT)
    yield "run.warnings", Quantity(warnings, "1", Kind.LIST)
    yield "run.inside_validity", Quantity(not regime.refusals, "1", Kind.SWITCH)


def _homogeneity(metrics: Homogeneity) -> Entries:
    for name, value in metrics.metrics().items():
        unit = metrics.unit if name == "mean" else "1"
        yield name, _discretised(value, unit, metrics.reasons.get(name))
    yield "smoothing_radius", Quantity(metrics.smoothing_radius, "m", Kind.GIVEN)


def _estimated(result: Result) -> Iterator[tuple[str, float | None, str | None]]:
    """Keys, their estimated errors, or why they have none."""
    if result.errors is None:
        return
    area, found = result.problem.projected_area, result.errors.goals
    wall = float(result.surface.area.sum())
    factors = {TOTAL: 1 / area, POTENTIAL: 1.0, CV: 1.0, CV_METAL: 1.0, CHARGE: 1 / wall}
    for goal, field in PEAKS.items():
        peak = result.homogeneity[field].max_over_mean if field in result.homogeneity else None
        if goal in found and peak is not None:
            # The relative error of the p-norm stands for that of the largest value.
            factors[goal] = peak / found[goal].value
    for goal, name in ESTIMATED.items():
        if goal in found:
            yield name, abs(factors[goal] * result.errors.error(goal)), None
        elif goal in result.errors.reasons:
            yield name, None, f"no error estimate: {result.errors.reasons[goal]}"
