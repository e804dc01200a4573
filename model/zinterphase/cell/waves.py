"""How fast waves of a case's surface grow at a current, by linear theory."""

from dataclasses import dataclass

from zinterphase.case import Case
from zinterphase.case.levels import LEVELS
from zinterphase.cell.characteristic import (
    apparent_conductivity_of,
    conductivity,
    polarisation_resistance,
)
from zinterphase.cell.depleted import beside_the_metal
from zinterphase.cell.deposit import volume_per_charge
from zinterphase.cell.electrodes import Cell
from zinterphase.physics.stability import capillarity, current_response, growth_rate
from zinterphase.physics.waves import Array, Stratum, way


@dataclass(frozen=True, eq=False)
class WaveGrowth:
    """Growth ``rate`` [1/s] of waves at a mean current density ``current`` [A/m2].

    ``resistance`` [ohm m2] is d|eta|/di there, ``conductivity`` [S/m] that of the free electrolyte,
    with the polarisation of the salt where the level knows it.
    """

    current: float
    resistance: float
    conductivity: float
    rate: Array


def wave_growth(cell: Cell, current: float, k: Array, *, films: bool = True) -> WaveGrowth:
    """Rates at wave numbers ``k`` [1/m]; NaN where the volume of the metal is not known.

    The metal's own reaction carries the current, on the metal's surface alone, with uniform
    kinetics. All is taken at the salt's steady concentration there. ``films`` False leaves out all
    layers but the uppermost, at the same concentration.
    """
    cell, resistance = beside_the_metal(cell, current), 0.0
    case = cell.case
    if LEVELS[case.level].kinetics:
        resistance = polarisation_resistance(cell.working.surface, cell.bulk, current)
    kappa = apparent_conductivity_of(cell, conductivity(cell.bulk), resistance, current)
    layers = way(k, _strata(case, kappa, films), _beyond(cell, current))
    volume = volume_per_charge(cell.working.surface.main)
    capillary = 0.0 if case.front is None else capillarity(case.front.surface_energy, volume)
    response = current_response(k, -current, resistance, capillary, [(1.0, layers)])
    rate = growth_rate(response, volume, swept_share(case) if films else 1.0)
    return WaveGrowth(current, resistance, kappa, rate)


def swept_share(case: Case) -> float:
    """Metal in the volume that the front sweeps: the porosity of the film it grows into."""
    if case.front is None or case.front.film != "rigid":
        return 1.0
    return case.layers[case.dense_count].medium.porosity


def _strata(case: Case, kappa: float, films: bool) -> list[Stratum]:
    """Layers with electrolyte, which hinder conduction and diffusion alike."""
    layers = case.layers[case.dense_count :]
    return [
        Stratum(
            layer.thickness,
            kappa * layer.medium.ionic_conductivity_factor,
            layer.medium.lateral_transport,
            rides=layer.top != "flat" if case.front is None else case.front.film == "conformal",
        )
        for layer in (layers if films else layers[-1:])
    ]


def _beyond(cell: Cell, current: float) -> float:
    """Resistance of the far side to waves [ohm m2]."""
    if cell.counter is None:
        return 0.0
    return polarisation_resistance(cell.counter.surface, cell.bulk, -current)
