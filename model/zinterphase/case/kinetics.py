"""Electrode kinetics of one conducting layer."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from zinterphase.case.geometry import Covariance
from zinterphase.case.quantities import (
    Capacitance,
    Concentration,
    DataFile,
    ExchangeCurrentDensity,
    Fraction,
    InnerFraction,
    Length,
    LogSpread,
    PositivePotential,
    Potential,
    Ratio,
    Seed,
    Text,
    TransferCoefficient,
    valid_seed,
)
from zinterphase.case.table import Table

FACTOR = "exchange_current_density_factor"


class Spread(Table):
    """Log-normal exchange current density over the surface, its mean kept."""

    sigma_ln: LogSpread
    correlation_length: Length
    covariance: Covariance = "gaussian"
    seed: Seed = 1


class RateMap(Table):
    """Measured relative exchange current density: CSV with header x[,y],factor."""

    file: DataFile


class Patches(Table):
    """Islands of another kind of surface, cut from a random field, on ``fraction`` of the area.

    ``factor`` is i0 there over i0 elsewhere (a small one where the metal is passive), ``pzc`` the
    potential of zero charge there (that of the kinetics where None).
    """

    fraction: InnerFraction
    correlation_length: Length
    factor: Ratio = 1.0
    pzc: Potential | None = None
    covariance: Covariance = "gaussian"
    seed: Seed = 1


class Nucleation(Table):
    """Barrier of a fresh substrate; ``coverage`` is the share that deposit covers already."""

    overpotential: PositivePotential
    width: PositivePotential = 3e-3
    coverage: Fraction = 0.0


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
    patches: Patches | None = None
    nucleation: Nucleation | None = None

    def with_seed(self, seed: int) -> Self:
        """Return the kinetics with every random field drawn from ``seed``.

        Raises
        ------
        CaseError
            When the seed is not a whole number of at least 0.
        """
        seed = valid_seed(seed)
        drawn = {"spread": self.spread, "patches": self.patches}
        reseeded = {
            name: table.model_copy(update={"seed": seed})
            for name, table in drawn.items()
            if table is not None
        }
        return self.model_copy(update=reseeded)
