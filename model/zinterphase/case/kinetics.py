"""Electrode kinetics of one conducting layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from zinterphase.case.alloying import ALLOYING, HOST, Alloying
from zinterphase.case.chemical import ChemicalStep, is_step
from zinterphase.case.cycling import DoubleLayerCapacitance
from zinterphase.case.equation import EQUATION
from zinterphase.case.geometry import Covariance
from zinterphase.case.precipitates import BlockingThickness as CoveringThickness
from zinterphase.case.quantities import (
    Capacitance,
    Concentration,
    DataFile,
    ExchangeCurrentDensity,
    Exponent,
    Fraction,
    Frequency,
    InnerFraction,
    Length,
    LogSpread,
    PositiveCount,
    PositiveFraction,
    PositivePotential,
    Potential,
    Ratio,
    ReactionOrder,
    Seed,
    SiteDensity,
    StoichiometricNumber,
    SurfaceAmount,
    Switch,
    Text,
    TransferCoefficient,
    valid_seed,
)
from zinterphase.case.table import Table, refused
from zinterphase.materials.electrolyte import CATION

TAFEL_SLOPE = "tafel_slope"
FACTOR = "exchange_current_density_factor"
DEPOSITION = "deposition"
"""Name of the reaction that the kinetics of a layer describe themselves."""


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

    ``factor`` is the metal's own i0 there over that elsewhere (a small one where the metal is
    passive), their mean kept; ``factors`` the same of further reactions by name, whose i0 is that
    elsewhere; ``pzc`` the potential of zero charge there (that of the kinetics where None).
    """

    fraction: InnerFraction
    correlation_length: Length
    factor: Ratio = 1.0
    factors: Mapping[str, Ratio] = Field(default_factory=dict)
    pzc: Potential | None = None
    covariance: Covariance = "gaussian"
    seed: Seed = 1


class Nuclei(Table):
    """Sites of a substrate on which nuclei are born and grow as hemispheres, meeting at random.

    ``density`` sites [1/m2] turn to nuclei at ``rate`` [1/s] times exp(-(``activation``/eta)^2)
    beyond the barrier. Their places are drawn from ``seed``, none nearer to another than
    ``exclusion`` [m].
    """

    density: SiteDensity
    rate: Frequency
    activation: PositivePotential | None = None
    exclusion: Length | None = None
    seed: Seed = 1


class Nucleation(Table):
    """Barrier of a fresh substrate; ``coverage`` is the share that deposit covers already.

    It stays, or grows in time: the share ``growth`` of the metal that is plated on the substrate
    covers more of it, a ``monolayer`` [mol/m2] thick; the rest makes it thicker. Or ``nuclei``
    cover it. ``factors`` have i0 of further reactions by name on the deposit, over that on the
    substrate, which is their own.
    """

    overpotential: PositivePotential
    width: PositivePotential = 3e-3
    coverage: Fraction = 0.0
    growth: PositiveFraction | None = None
    monolayer: SurfaceAmount | None = None
    nuclei: Nuclei | None = None
    factors: Mapping[str, Ratio] = Field(default_factory=dict)

    @property
    def grows(self) -> bool:
        """Whether the coverage changes in time."""
        return self.growth is not None or self.nuclei is not None

    def with_seed(self, seed: int) -> Self:
        """The same with the places of nuclei drawn from ``seed``."""
        if self.nuclei is None:
            return self
        return self.model_copy(update={"nuclei": self.nuclei.model_copy(update={"seed": seed})})

    @model_validator(mode="after")
    def _grows_in_monolayers(self) -> Self:
        if not self.grows:
            return self
        key = "growth" if self.nuclei is None else "nuclei"
        if self.growth is not None and self.nuclei is not None:
            raise refused(key, "either growth or nuclei")
        if self.monolayer is None:
            raise refused(key, "only with monolayer: the library has that of Zn alone")
        if self.coverage == 0.0:
            allowed = "only with a coverage above 0: a bare substrate has no potential at rest"
            raise refused(key, allowed)
        return self


class Isolation(Table):
    """Metal that loses contact while it is stripped, ``fraction`` of the stripping current.

    With an ``exponent`` that is the fraction of a surface whose Sa is ``roughness``; it goes with
    the power of the Sa of the moving front.
    """

    fraction: InnerFraction
    exponent: Exponent = 0.0
    roughness: Length | None = None

    @model_validator(mode="after")
    def _has_a_reference(self) -> Self:
        if (self.exponent > 0.0) != (self.roughness is not None):
            raise refused("roughness", "together with an exponent above 0, the Sa it refers to")
        return self


class Rate(Table):
    """Rate law of one reaction in SI; potentials on the scale named by ``case.reference``.

    ``exchange_current_density`` holds where every ion of the reaction has the
    ``reference_concentration``, per wetted metal area, and there the reaction is in equilibrium at
    ``formal_potential``. The case may also write ``exchange_current_density_factor``; it is
    multiplied in while reading. ``stoichiometry`` counts species of the liquid, positive where
    oxidation makes them; one ``reactant`` that takes up as many ``electrons`` as it has charges
    unless it says otherwise. ``gas`` and ``solids`` count what else the reaction makes; an
    ``equation`` gives all of them. Form "tafel" is an irreversible reduction (``alpha_c``) or
    oxidation (``alpha_a``; the other is zero) with the ``orders`` of its rate in the species; None:
    the exchange current density is constant against the equilibrium with the local composition.
    The solid of a reaction in pores may be a ``precipitate`` of the electrolyte: oxidation forms it
    anywhere on their walls, reduction uses it where it is; a mean thickness of
    ``covering_thickness`` [m] covers half of them.
    """

    consumed_keys: ClassVar[tuple[str, ...]] = (FACTOR, EQUATION, TAFEL_SLOPE)

    reactant: Text
    stoichiometry: Mapping[str, StoichiometricNumber] | None = None
    electrons: PositiveCount | None = None
    gas: Mapping[str, StoichiometricNumber] | None = None
    solids: Mapping[str, StoichiometricNumber] | None = None
    exchange_current_density: ExchangeCurrentDensity
    reference_concentration: Concentration
    alpha_a: TransferCoefficient
    alpha_c: TransferCoefficient
    formal_potential: Potential
    form: Literal["butler_volmer", "linear", "tafel"] = "butler_volmer"
    orders: Mapping[str, ReactionOrder] | None = None
    precipitate: Text | None = None
    covering_thickness: CoveringThickness | None = None
    spread: Spread | None = None
    map: RateMap | None = None
    nucleation: Nucleation | None = None

    @property
    def irreversible(self) -> bool:
        """Whether it runs in one direction only, with no equilibrium of its own."""
        return self.form == "tafel"

    @property
    def nuclei(self) -> Nuclei | None:
        """What covers its substrate, if nuclei do."""
        return None if self.nucleation is None else self.nucleation.nuclei

    @model_validator(mode="after")
    def _nuclei_have_a_volume(self) -> Self:
        if self.nuclei is not None and self.reactant != CATION:
            raise refused(
                "nucleation", f"nuclei of {CATION} alone: no other metal's volume is known"
            )
        return self

    @property
    def only_reduces(self) -> bool:
        """Whether it is irreversible, and takes electrons from the metal."""
        return self.irreversible and self.alpha_c > 0.0

    def equation(self, charge: int) -> tuple[dict[str, float], int]:
        """Stoichiometry and number of electrons; ``charge`` is that of the reactant."""
        given = self.stoichiometry
        made = {self.reactant: 1.0 if charge > 0 else -1.0} if given is None else dict(given)
        return made, abs(charge) if self.electrons is None else self.electrons


type Further = Annotated[
    Annotated[Rate, Tag("electrode")] | Annotated[ChemicalStep, Tag("chemical")],
    Discriminator(lambda table: "chemical" if is_step(table) else "electrode"),
]
"""A reaction beside the metal's own, with electrons or without."""


class Kinetics(Rate):
    """The metal's own reaction, what belongs to its surface, and further ``reactions`` on it.

    The metal's own ion does not react at a ``blocking`` electrode, and may be missing in the
    liquid: further reactions alone run, or nothing, which ``reactions = []`` says too.
    The double layer of levels that do not resolve it has ``double_layer_capacitance`` [F/m2] per
    wetted metal area on phi_M - phi, none where None; ``double_layer_ion`` carries its current.
    ``isolation`` tells what of the metal loses contact while it is stripped.
    """

    pzc: Potential
    stern_capacitance: Capacitance
    contact_fraction: Fraction
    blocked_fraction: Fraction = 0.0
    patches: Patches | None = None
    double_layer_capacitance: DoubleLayerCapacitance | None = None
    double_layer_ion: Text | None = None
    blocking: Switch = False
    alloying: Alloying | None = None
    isolation: Isolation | None = None
    reactions: Mapping[str, Further] = Field(default_factory=dict)

    @property
    def further(self) -> dict[str, Rate]:
        """The reactions beside the metal's own that take or give electrons, by name."""
        return {name: r for name, r in self.reactions.items() if isinstance(r, Rate)}

    @property
    def steps(self) -> dict[str, ChemicalStep]:
        """Those without electrons, by name."""
        return {name: r for name, r in self.reactions.items() if isinstance(r, ChemicalStep)}

    @property
    def rates(self) -> dict[str, Rate]:
        """Every reaction with electrons that runs by name, the metal's own first."""
        return {**({} if self.blocking else {DEPOSITION: self}), **self.further}

    @model_validator(mode="after")
    def _alloys_where_bare(self) -> Self:
        if self.alloying is None:
            return self
        if self.nucleation is None or self.form != "butler_volmer" or self.blocking:
            allowed = "only with nucleation, form butler_volmer and reactions: a substrate that"
            raise refused(ALLOYING, f"{allowed} deposit does not cover takes it up")
        if ALLOYING in self.reactions:
            raise refused(ALLOYING, f"only where no reaction is called {ALLOYING}")
        return self

    @property
    def changes_in_time(self) -> bool:
        """Whether the surface itself stores something in a case with a protocol."""
        return self.has_states or self.double_layer_capacitance is not None

    @property
    def has_states(self) -> bool:
        """Whether deposit comes to cover the surface, or it takes up metal."""
        covers = any(
            rate.nucleation is not None and rate.nucleation.grows for rate in self.rates.values()
        )
        return covers or self.alloying is not None

    @property
    def into_host(self) -> Self:
        """The kinetics of the metal's own reaction into the host, where nothing is nucleated;
        oxidation uses up that solid, not the deposit."""
        own = {
            "nucleation": None, "alloying": None, "isolation": None, "reactions": {},
            "solids": {HOST: -1.0},
        }  # fmt: skip
        return self.model_copy(update=own)

    def evened(self) -> Self:
        """The same surface with uniform kinetics: a fresh, smooth counter electrode."""
        reactions = {
            name: rate.model_copy(update={"nucleation": None, "spread": None, "map": None})
            for name, rate in self.further.items()
        }
        even = {"nucleation": None, "alloying": None, "patches": None, "spread": None, "map": None}
        return self.model_copy(update={**even, "reactions": {**self.reactions, **reactions}})

    def with_seed(self, seed: int) -> Self:
        """Return the kinetics with every random field drawn from ``seed``.

        Raises
        ------
        CaseError
            When the seed is not a whole number of at least 0.
        """
        seed = valid_seed(seed)
        drawn: dict[str, Any] = {"spread": self.spread, "patches": self.patches}
        update: dict[str, Any] = {
            name: table.model_copy(update={"seed": seed})
            for name, table in drawn.items()
            if table is not None
        }
        if self.nucleation is not None:
            update["nucleation"] = self.nucleation.with_seed(seed)
        update["reactions"] = {
            name: rate.model_copy(update={"spread": rate.spread.model_copy(update={"seed": seed})})
            if isinstance(rate, Rate) and rate.spread is not None
            else rate
            for name, rate in self.reactions.items()
        }
        return self.model_copy(update=update)
