"""Electrode kinetics of one conducting layer."""

from __future__ import annotations

from typing import ClassVar, Literal

from zinterphase.case.geometry import Covariance
from zinterphase.case.quantities import (
    Capacitance,
    Concentration,
    DataFile,
    ExchangeCurrentDensity,
    Fraction,
    Length,
    PositiveNumber,
    Potential,
    Seed,
    Text,
    TransferCoefficient,
)
from zinterphase.case.table import Table

FACTOR = "exchange_current_density_factor"


class Spread(Table):
    """Log-normal exchange current density over the surface, its mean kept."""

    sigma_ln: PositiveNumber
    correlation_length: Length
    covariance: Covariance = "gaussian"
    seed: Seed = 1


class RateMap(Table):
    """Measured relative exchange current density: CSV with header x[,y],factor."""

    file: DataFile


class Kinetics(Table):
    """Butler-Volmer kinetics in SI; potentials on the scale named by ``case.reference``.

    ``exchange_current_density`` holds at ``reference_concentration`` per wetted metal area. The
    case may also write ``exchange_current_density_factor``; it is multiplied in while reading.
    """

    consumed_keys: ClassVar[tuple[str, ...]] = (FACTOR,)

    reactant: Text
    exchange_current_density: ExchangeCurrentDensity
    reference_concentration: Concentration
    alpha_a: TransferCoefficient
    alpha_c: TransferCoefficient
    formal_potential: Potential
    pzc: Potential
    stern_capacitance: Capacitance
    contact_fraction: Fraction
    blocked_fraction: Fraction = 0.0
    form: Literal["butler_volmer", "linear"] = "butler_volmer"
    spread: Spread | None = None
    map: RateMap | None = None
