"""Scales of electrode potential, and library kinetics moved to the reference state of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import exp

from zinterphase.case.temperature import in_range_of_arrhenius
from zinterphase.materials.electrolyte import Salt, zinc_sulphate
from zinterphase.materials.kinetics import (
    ELECTRONS,
    REFERENCE_CONCENTRATION,
    is_known,
    kinetic_defaults,
)
from zinterphase.materials.library import Sourced, parameter
from zinterphase.materials.nernst import exchange_current_at, potential_at
from zinterphase.scales import thermal_voltage

_POTENTIALS = ("formal_potential", "pzc", "flat_band")


@dataclass(frozen=True)
class Scale:
    """The potential scale of a case and what moves a potential on it.

    Attributes
    ----------
    temperature : K.
    ideal : activities are concentrations, else Pitzer's.
    zero : zero of the scale, V vs SHE.
    """

    temperature: float
    ideal: bool
    zero: float = 0.0
    salt: Salt = field(default_factory=zinc_sulphate)

    def zinc_at(self, concentration: float) -> float:
        """Return the equilibrium potential of Zn with ``concentration`` [mol/m3] on this scale, V.

        Raises
        ------
        CaseError
            Where the activity of the salt is not known.
        """
        ratio = self._ratio(concentration)
        thermal = thermal_voltage(self.temperature)
        known = parameter("zn_kinetics.E_eq_2M").si
        return potential_at(known, ratio, ELECTRONS, thermal) - self.zero

    def _ratio(self, concentration: float) -> float:
        """Activity of zinc ions over that in the library's reference state, 2 mol/L of ZnSO4."""
        if self.ideal:
            return concentration / REFERENCE_CONCENTRATION
        reference = zinc_sulphate().activity(REFERENCE_CONCENTRATION)
        return self.salt.activity(concentration) / reference

    def of_zinc(self, bulk: float) -> Scale:
        """Return the scale whose zero is the equilibrium of Zn with ``bulk`` [mol/m3]."""
        return replace(self, zero=replace(self, zero=0.0).zinc_at(bulk))

    def shifted(self, defaults: Mapping[str, Sourced]) -> dict[str, Sourced]:
        """Return defaults with their potentials moved from SHE to this scale."""
        return {
            field: self._shifted(entry) if field in _POTENTIALS and self.zero != 0.0 else entry
            for field, entry in defaults.items()
        }

    def _shifted(self, entry: Sourced) -> Sourced:
        source = f"{entry.source}; minus the bulk's equilibrium potential, {self.zero:.4f} V vs SHE"
        return replace(entry, value=float(entry.value) - self.zero, source=source)

    def kinetics(
        self,
        reactant: str,
        material: str,
        concentration: float = REFERENCE_CONCENTRATION,
        alpha_a: float | None = None,
        exchange: Sourced | None = None,
    ) -> dict[str, Sourced]:
        """Return library kinetics of a reaction on a material, on this scale.

        Exchange current density and equilibrium potential are one state with the reference
        ``concentration`` [mol/m3], and are moved to it from the library's.

        Parameters
        ----------
        alpha_a : the case's, by default the library's; mass action has it in its order.
        exchange : in place of the library's exchange current density.

        Raises
        ------
        CaseError
            Where the activity of the salt is not known.
        """
        known = kinetic_defaults(reactant, material)
        if not is_known(reactant, material):
            return self.shifted(known)
        if exchange is not None:
            known["exchange_current_density"] = exchange
        if concentration != REFERENCE_CONCENTRATION:
            order = float(known["alpha_a"].value) if alpha_a is None else alpha_a
            known = self._moved(known, concentration, order)
        if self.temperature != parameter("constants.T").si:
            known["exchange_current_density"] = self._activated(known["exchange_current_density"])
        return self.shifted(known)

    def _activated(self, exchange: Sourced) -> Sourced:
        """Move an exchange current density from the library's temperature by Arrhenius' law."""
        if not in_range_of_arrhenius(self.temperature):
            return exchange
        energy = parameter("zn_kinetics.Ea_i0")
        inverse = 1.0 / self.temperature - 1.0 / parameter("constants.T").si
        factor = exp(-energy.si / parameter("constants.R").si * inverse)
        way = f"moved by Arrhenius' law, {energy.key}, to {self.temperature:g} K"
        return replace(
            exchange,
            value=float(exchange.value) * factor,
            source=f"{exchange.source}; {way}",
            confidence=energy.confidence,
        )

    def _moved(
        self, defaults: Mapping[str, Sourced], concentration: float, alpha_a: float
    ) -> dict[str, Sourced]:
        moved = dict(defaults)
        ratio = self._ratio(concentration)
        exchange, potential = moved["exchange_current_density"], moved["formal_potential"]
        moved["exchange_current_density"] = replace(
            exchange,
            value=exchange_current_at(float(exchange.value), ratio, alpha_a, ELECTRONS),
            source=f"{exchange.source}; moved by mass action {_way(concentration)}",
        )
        moved["formal_potential"] = replace(
            potential,
            value=replace(self, zero=0.0).zinc_at(concentration),
            source=f"{potential.source}; moved by Nernst's law {_way(concentration)}",
        )
        return moved


def _way(concentration: float) -> str:
    return f"from {REFERENCE_CONCENTRATION / 1000:g} mol/L to {concentration / 1000:g} mol/L"
