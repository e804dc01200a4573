"""What the library knows of water's own species: acid, base, complexes and oxygen at 298.15 K."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import prod

from zinterphase.materials.electrolyte import ANION, CATION, Species
from zinterphase.materials.library import parameter

PROTON, HYDROXIDE, OXYGEN = "H+", "OH-", "O2"
LITRE = 1000.0
"""Standard concentration, 1 mol/L in mol/m3."""


@dataclass(frozen=True)
class Complex:
    """A species in equilibrium with ions, or on the way to it.

    One is made of ``composition`` ions (negative for what splits off, water not counted), with
    c = constant x product of c_k^nu in mol/m3. ``diffusivity`` in m2/s.
    """

    name: str
    charge: int
    diffusivity: float
    composition: Mapping[str, float]
    constant: float
    source: str

    @property
    def standard_constant(self) -> float:
        """The constant for mol/L."""
        power: float = LITRE ** (sum(self.composition.values()) - 1.0)
        return self.constant * power

    def beside(self, concentrations: Mapping[str, float]) -> float:
        """Its concentration [mol/m3] in equilibrium with those of the ions."""
        parts = (concentrations[k] ** nu for k, nu in self.composition.items())
        return float(self.constant * prod(parts))


def constant_of(log_k: float, composition: Mapping[str, float]) -> float:
    """Equilibrium constant for mol/m3 from log10 of that for mol/L."""
    power: float = 10.0**log_k * LITRE ** (1.0 - sum(composition.values()))
    return power


@cache
def equilibria() -> dict[str, Complex]:
    """Complexes by the name of the equilibrium that makes them."""
    return {
        "water": _complex(HYDROXIDE, -1, "D_OH_inf", {PROTON: -1.0}, "logK_water", 1.0),
        "bisulfate": _complex(
            "HSO4-", -1, "D_HSO4_inf", {PROTON: 1.0, ANION: 1.0}, "logK_HSO4", -1.0
        ),
        "zinc_hydroxide": _complex(
            "ZnOH+", 1, "D_ZnOH_inf", {CATION: 1.0, PROTON: -1.0}, "logK_ZnOH", 1.0
        ),
    }


def proton(acidity: float) -> Species:
    """H+ at a pH, its activity taken for its concentration in mol/L."""
    mobile = parameter("electrolyte.D_H_inf")
    return Species(PROTON, 1, mobile.si, LITRE * 10.0**-acidity, f"{mobile.key}: {mobile.source}")


def oxygen(concentration: float) -> Species:
    """Dissolved oxygen at a concentration [mol/m3]."""
    mobile = parameter("electrolyte.D_O2")
    return Species(OXYGEN, 0, mobile.si, concentration, f"{mobile.key}: {mobile.source}")


def air_saturation() -> float:
    """Dissolved oxygen in equilibrium with air [mol/m3]."""
    return parameter("electrolyte.O2_air_saturated").si


def acidified(
    salt: Sequence[Species], acid: Species, complexes: Sequence[Complex]
) -> tuple[Species, ...]:
    """Free ions of ZnSO4 at the acid's concentration: all sulfate is that of the salt, and acid
    and base leave zinc to keep the solution neutral; the equilibria are ideal.

    Complexes of other ions are not counted. Zinc is left without ions where the acid is more than
    the sulfate.
    """
    cation, anion = salt
    total, h = anion.concentration, acid.concentration
    unit = {cation.name: 1.0, anion.name: 1.0, acid.name: h}
    complexes = [c for c in complexes if set(c.composition) <= set(unit)]
    sulfates = [c for c in complexes if anion.name in c.composition]
    free = total / (1.0 + sum(c.beside(unit) for c in sulfates))
    with_zinc = [c for c in complexes if cation.name in c.composition]
    known = {cation.name: 1.0, anion.name: free, acid.name: h}
    others = [c for c in complexes if c not in with_zinc]
    charge = anion.charge * free + acid.charge * h + sum(c.charge * c.beside(known) for c in others)
    per_zinc = cation.charge + sum(c.charge * c.beside(known) for c in with_zinc)
    return (
        replace(cation, concentration=max(-charge / per_zinc, 0.0)),
        replace(anion, concentration=free),
        acid,
    )


def _complex(
    name: str, charge: int, mobile: str, composition: dict[str, float], key: str, sign: float
) -> Complex:
    entry, speed = parameter(f"electrolyte.{key}"), parameter(f"electrolyte.{mobile}")
    constant = constant_of(sign * float(entry.value), composition)
    source = f"{entry.key}: {entry.source}"
    return Complex(name, charge, speed.si, composition, constant, source)
