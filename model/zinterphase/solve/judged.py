"""By what size residuals are judged."""

import numpy as np

from zinterphase.case.plan import largest_current
from zinterphase.solve.control import Drive
from zinterphase.solve.model import Model

RARE = 1e-2
"""Concentration over that of the plated ion below which an ion's balance has a scale of its own."""
LEAST_SCALE = 1e-6
"""Of an ion's balance over that of the current at least."""


def imposed_current(model: Model, drive: Drive) -> float:
    """The largest that a drive or the case's protocol imposes [A], as a magnitude."""
    protocol = abs(largest_current(model.case.protocol)) * model.projected_area
    return max(abs(drive.current), protocol)


def exchange_current(model: Model) -> float:
    """Of the working electrode [A], on its projected area."""
    return model.cell.working.surface.exchange_current_density * model.projected_area


def component_scales(model: Model, drive: Drive) -> tuple[tuple[float, ...], ...]:
    """Of the equations by block and component: `ResidualScales.components`."""
    current = max(exchange_current(model), imposed_current(model, drive))
    liquid = [current for _ in model.level.component_names]
    for component, ion in model.level.conserved.items():
        liquid[component] *= _rarity(model, ion)
    if model.level.has_compact_layer:
        wall = model.cell.working.surface
        stern = wall.kinetics.stern_capacitance * model.bulk.thermal_voltage
        liquid[-1] = model.bulk.charge_rate * stern * model.projected_area
    return (tuple(liquid),) if model.solid is None else (tuple(liquid), (current,))


def _rarity(model: Model, ion: str) -> float:
    """By how much the rows of an ion are judged more sharply, for how little there is of it; not
    those that a full cell's counter electrode turns over with the whole current."""
    if ion in model.cell.turned_over:
        return 1.0
    share = model.bulk.held(ion) / model.bulk.held(model.cell.main_ion)
    return float(np.clip(share / RARE, LEAST_SCALE, 1.0))
