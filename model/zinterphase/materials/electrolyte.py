"""Aqueous ZnSO4 at 298.15 K: ions, conductivity, activity. Concentrations in mol/m3.

The closed forms take and return floats; parameters come from the library.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from zinterphase.errors import CaseError
from zinterphase.materials.library import parameter
from zinterphase.physics.salt import (
    CasteelAmis,
    Multiple,
    PitzerActivity,
    RootInterpolant,
    SaltProperties,
    interpolant,
)

CATION = "Zn2+"
ANION = "SO42-"
ZINC_SULPHATE = "ZnSO4"
WATER_DENSITY = 997.05  # kg/m3 at 298.15 K, handbook
_WATER_MOLAR_MASS = 0.018015  # kg/mol, IUPAC
_SALT_MOLAR_MASS = 0.16144  # kg/mol, ZnSO4, IUPAC
REFERENCE_CONCENTRATION = 2000.0  # mol/m3, the state the library's 2 M entries refer to
CONDUCTIVITY_RANGE = (50.0, 2600.0)  # mol/m3, validity of the fit in the library
_LARGEST_MOLALITY = 3.5  # mol/kg, validity of the Pitzer parameters
# Form constants of the Pitzer equation for 2:2 salts at 298.15 K
_PITZER_B, _ALPHA_1, _ALPHA_2, _A_PHI = 1.2, 1.4, 12.0, 0.3915
_LITRE = 1e-3  # m3
_ROWS = {"inf": 0.0, "0p1M": 100.0, "1M": 1000.0, "2M": 2000.0, "3M": 3000.0}
# mol/m3, names of the library's rows


@dataclass(frozen=True)
class Species:
    """A dissolved ion: diffusivity m2/s at infinite dilution, bulk concentration mol/m3."""

    name: str
    charge: int
    diffusivity: float
    concentration: float
    source: str


@dataclass(frozen=True)
class Activation:
    """Activation energies [J/mol] of a salt's conductivity and diffusivity."""

    conductivity: float
    diffusivity: float


@dataclass(frozen=True)
class Salt:
    """A binary salt with measured properties; concentrations are those of its cation [mol/m3].

    ``ions`` are cation and anion: charge and diffusivity [m2/s] at infinite dilution. Without an
    ``activation`` properties are known at the library's temperature alone.
    """

    name: str
    ions: tuple[Species, Species]
    properties: SaltProperties
    activation: Activation | None = None

    def at(self, temperature: float) -> Salt:
        """The salt at a temperature [K]: conductivity and diffusivity by Arrhenius' law.

        Transference number and activity coefficient stay: what they change by is not known.
        """
        reference = parameter("constants.T").si
        if self.activation is None or temperature == reference:
            return self
        per_energy = (1.0 / reference - 1.0 / temperature) / parameter("constants.R").si
        known = self.properties
        moved = replace(
            known,
            conductivity=Multiple(
                math.exp(self.activation.conductivity * per_energy), known.conductivity
            ),
            diffusivity=Multiple(
                math.exp(self.activation.diffusivity * per_energy), known.diffusivity
            ),
        )
        return replace(self, properties=moved)

    @property
    def charges(self) -> tuple[int, int]:
        """Of cation and anion."""
        return self.ions[0].charge, self.ions[1].charge

    @property
    def symmetric(self) -> bool:
        """Whether it has an anion for each cation."""
        return self.charges[0] == -self.charges[1]

    def species(self, concentration: float) -> tuple[Species, Species]:
        """The two ions, neutral together."""
        cation, anion = self.ions
        anions = -concentration * cation.charge / anion.charge
        return replace(cation, concentration=concentration), replace(anion, concentration=anions)

    def covers(self, concentration: float | None) -> bool:
        """Return whether the properties are measured at a concentration."""
        low, high = self.properties.valid
        return concentration is not None and low <= concentration <= high

    def conductivity(self, concentration: float) -> float:
        """Return the measured conductivity, S/m.

        Raises
        ------
        CaseError
            Outside the range of the data.
        """
        if not self.covers(concentration):
            low, high = (c / 1000 for c in self.properties.valid)
            raise CaseError(
                "electrolyte.concentration",
                f"{concentration / 1000:g} mol/L",
                f"{low:g} to {high:g} mol/L for the library's conductivity; "
                "else give electrolyte.conductivity",
            )
        return float(self.properties.conductivity(concentration))

    def activity(self, concentration: float, field: str = "electrolyte.concentration") -> float:
        """Return the mean activity; ``field`` is what an error names.

        Raises
        ------
        CaseError
            Where it is not known: of ZnSO4 above 3.5 mol/kg, of others outside their range.
        """
        if isinstance(self.properties.ln_activity, PitzerActivity):
            return activity(concentration, field)
        if not self.covers(concentration):
            low, high = (c / 1000 for c in self.properties.valid)
            allowed = f"{low:g} to {high:g} mol/L, where {self.name} is measured"
            raise CaseError(field, f"{concentration / 1000:g} mol/L", allowed)
        return math.exp(self.properties.ln_activity(concentration))

    def activity_ratio(self, concentration: float, reference: float, *, ideal: bool) -> float:
        """Return the reacting ion's activity at ``concentration`` over that at ``reference``.

        ``ideal`` solutions have concentrations for activities. Raises :class:`CaseError` where the
        activity is not known.
        """
        if ideal:
            return concentration / reference
        return self.activity(concentration) / self.activity(reference)


@cache
def zinc_sulphate() -> Salt:
    """ZnSO4 in water at 298.15 K, of the library."""
    cation, anion = parameter("electrolyte.D_Zn_inf"), parameter("electrolyte.D_SO4_inf")
    ions = (
        Species(CATION, 2, cation.si, 0.0, f"{cation.key}: {cation.source}"),
        Species(ANION, -2, anion.si, 0.0, f"{anion.key}: {anion.source}"),
    )
    energies = (_value(f"{name}_activation_energy") for name in ("kappa", "D_salt"))
    return Salt(ZINC_SULPHATE, ions, _zinc_sulphate(), Activation(*energies))


def permittivity(ionic_strength: float) -> float:
    """Return the static relative permittivity, linear in salt from water to the value at 2 M.

    The static value includes ion pairs, which belongs to models without explicit pairs.
    ``ionic_strength`` in mol/m3 (4 c for a 2:2 salt).
    """
    water = parameter("electrolyte.eps_r_water").si
    at_reference = parameter("electrolyte.eps_r_2M_static_total").si
    share = ionic_strength / (4.0 * REFERENCE_CONCENTRATION)
    return water + (at_reference - water) * share


def apparent_volume() -> float:
    """Return the apparent molar volume of ZnSO4, m3/mol, taken constant at its 2 M value."""
    c_ref = REFERENCE_CONCENTRATION
    water = parameter("electrolyte.density_2M").si - c_ref * _SALT_MOLAR_MASS
    return (1.0 - water / WATER_DENSITY) / c_ref


def saturation() -> float:
    """Return the concentration of saturated ZnSO4 at 298.15 K, mol/m3."""
    molal = parameter("electrolyte.solubility").si
    mass = molal * WATER_DENSITY
    return mass / (1.0 + mass * apparent_volume())


def mean_activity_coefficient(molal: float) -> float:
    """Return the molal mean activity coefficient of ZnSO4 by Pitzer's equation for 2:2 salts.

    Raises
    ------
    CaseError
        Above 3.5 mol/kg or below 0.
    """
    if not 0.0 <= molal <= _LARGEST_MOLALITY:
        raise CaseError("molality", f"{molal:g} mol/kg", f"0 to {_LARGEST_MOLALITY} mol/kg")
    return 1.0 if molal == 0.0 else math.exp(_pitzer().ln_gamma(molal))


def activity(concentration: float, field: str = "electrolyte.concentration") -> float:
    """Return the molal mean-ion activity gamma m of ZnSO4 (0.0735 at 2 M).

    ``field`` is what an error names.

    Raises
    ------
    CaseError
        Above 3.5 mol/kg, where the activity coefficient is not known.
    """
    law = _pitzer()
    if not 0.0 < law.molality(concentration) <= _LARGEST_MOLALITY:
        shown = f"{concentration / 1000:g} mol/L"
        raise CaseError(field, shown, "a molality up to 3.5 mol/kg")
    return math.exp(law(concentration))


def ln_water_activity(concentration: float) -> float:
    """Return ln of the activity of water in ZnSO4 (-0.045 at 2 M), from that of the salt by the
    Gibbs-Duhem equation."""
    law = _pitzer()
    molal = float(law.molality(concentration))
    points, weights = np.polynomial.legendre.leggauss(40)
    # the square of the variable takes away the root at zero
    roots = math.sqrt(molal) * (points + 1) / 2
    values = [2 * root * law.ln_gamma(root**2) for root in roots]
    below = math.sqrt(molal) / 2 * float(weights @ values)
    osmotic = molal * (1.0 + float(law.ln_gamma(molal))) - below
    return -2 * _WATER_MOLAR_MASS * osmotic


@cache
def _zinc_sulphate() -> SaltProperties:
    """Measured properties of ZnSO4 in water at 298.15 K."""
    conductivity = CasteelAmis(
        maximum=parameter("electrolyte.kappa_max").si,
        peak=parameter("electrolyte.kappa_cmax").si,
        exponent=parameter("electrolyte.kappa_a").si,
        curvature=float(parameter("electrolyte.kappa_b").value) * _LITRE**2,
    )
    diffusivity = _rows("D_salt", ("inf", "0p1M", "1M", "2M", "3M"))
    transference = _rows("t_plus", ("inf", "0p1M", "1M", "2M"))
    return SaltProperties(conductivity, diffusivity, transference, _pitzer(), CONDUCTIVITY_RANGE)


@cache
def _pitzer() -> PitzerActivity:
    return PitzerActivity(
        beta=(_value("pitzer_beta0"), _value("pitzer_beta1"), _value("pitzer_beta2")),
        c_phi=_value("pitzer_Cphi"),
        debye_hueckel=_A_PHI,
        b=_PITZER_B,
        alphas=(_ALPHA_1, _ALPHA_2),
        apparent_volume=apparent_volume(),
        water_density=WATER_DENSITY,
    )


def _value(name: str) -> float:
    return parameter(f"electrolyte.{name}").si


def _rows(name: str, rows: Sequence[str]) -> RootInterpolant:
    return interpolant([(_ROWS[row], _value(f"{name}_{row}")) for row in rows])
