"""A metal's kinetics and compact layer, referred to its equilibrium with the bulk."""

from dataclasses import dataclass
from typing import Any

import ufl

from zinterphase.case import Kinetics
from zinterphase.fem_types import Mesh
from zinterphase.levels.base import ElectrodePlane
from zinterphase.materials.nernst import exchange_current_at, potential_at
from zinterphase.physics.electrostatics import stern_charge
from zinterphase.physics.kinetics import butler_volmer, linear_kinetics
from zinterphase.physics.nucleation import nucleation_limited
from zinterphase.solve.heterogeneity import Variation
from zinterphase.solve.unknowns import constant

ActivityRatio = float


@dataclass(frozen=True)
class Equilibrium:
    """Equilibrium of a metal with the bulk: potential [V, scale of the case] and i0 [A/m2]."""

    potential: float
    exchange_current_density: float


def equilibrium(
    kinetics: Kinetics, charge: int, activity_ratio: ActivityRatio, thermal_voltage: float
) -> Equilibrium:
    """Shift the reference state of the kinetics to the bulk by Nernst's law and mass action."""
    return Equilibrium(
        potential_at(kinetics.formal_potential, activity_ratio, charge, thermal_voltage),
        exchange_current_at(
            kinetics.exchange_current_density, activity_ratio, kinetics.alpha_a, charge
        ),
    )


class RateLaw:
    """A metal's kinetics and compact layer as UFL, with parameters that change without compiling.

    Potentials are in units of RT/F; ``driving`` is the metal's potential against its electrode's
    equilibrium with the bulk. ``load`` scales what drives the liquid out of equilibrium at rest:
    the distance to the potential of zero charge and the difference between metals.
    """

    def __init__(
        self,
        mesh: Mesh,
        kinetics: Kinetics,
        charge: int,
        bulk: Equilibrium,
        electrode_potential: float,
        thermal_voltage: float,
    ) -> None:
        """``electrode_potential`` [V] is the equilibrium potential of the electrode's metal."""
        self.kinetics = kinetics
        self.bulk = bulk
        self._charge = charge
        self._i0 = constant(mesh, bulk.exchange_current_density)
        self._alpha_a = constant(mesh, kinetics.alpha_a)
        self._alpha_c = constant(mesh, kinetics.alpha_c)
        self._stern = constant(mesh, kinetics.stern_capacitance * thermal_voltage)
        self._shift_value = (bulk.potential - electrode_potential) / thermal_voltage
        self._pzc_value = (kinetics.pzc - electrode_potential) / thermal_voltage
        self._shift = constant(mesh, 0.0)
        self._pzc = constant(mesh, 0.0)
        islands = kinetics.patches.pzc if kinetics.patches else None
        contrast = 0.0 if islands is None else islands - kinetics.pzc
        self._contrast_value = contrast / thermal_voltage
        self._contrast = constant(mesh, 0.0)
        nucleation = kinetics.nucleation
        barrier, width, coverage = (
            (0.0, thermal_voltage, 1.0)
            if nucleation is None
            else (nucleation.overpotential, nucleation.width, nucleation.coverage)
        )
        self._barrier = constant(mesh, barrier / thermal_voltage)
        self._width = constant(mesh, width / thermal_voltage)
        self._coverage = constant(mesh, coverage)

    def set_load(self, fraction: float) -> None:
        """Apply a fraction of the rest potential differences."""
        self._shift.value[...] = fraction * self._shift_value
        self._pzc.value[...] = fraction * self._pzc_value
        self._contrast.value[...] = fraction * self._contrast_value

    @property
    def resting_overpotential(self) -> float:
        """Where the law begins to answer, a first guess of the potential [RT/F]."""
        if self.kinetics.nucleation is None:
            return 0.0
        return -float(self._barrier.value + self._width.value)

    def overpotential(self, metal: Any, plane: ElectrodePlane) -> Any:
        """Against the bulk's equilibrium, at the plane of reaction."""
        return metal - plane.potential - self._shift

    def surface_overpotential(self, metal: Any, plane: ElectrodePlane) -> Any:
        """Against equilibrium with the local composition, [RT/F]."""
        return self.overpotential(metal, plane) - plane.ln_activity / self._charge

    def dissipated(self, metal: Any, plane: ElectrodePlane) -> Any:
        """Driving force against the electrode's equilibrium [RT/F]; i times it is the power."""
        return metal - plane.potential - plane.ln_activity / self._charge

    def exchange_current_density(self, variation: Variation) -> Any:
        """Local i0 [A/m2]."""
        return self._i0 * ufl.exp(variation.ln_factor)

    def current_density(self, metal: Any, plane: ElectrodePlane, variation: Variation) -> Any:
        """Faradaic current density per wetted metal area [A/m2], anodic positive."""
        eta = self.overpotential(metal, plane)
        covered = self._deposit(eta, plane, variation)
        if self.kinetics.nucleation is None:
            return covered
        bare = self._deposit(eta + self._barrier, plane, variation)
        driving = self.surface_overpotential(metal, plane)
        return nucleation_limited(
            covered, bare, driving, self._barrier, self._width, self._coverage
        )

    def metal_charge(self, metal: Any, plane: ElectrodePlane, variation: Variation) -> Any:
        """Charge of the metal behind the Stern layer per wetted area [C/m2]."""
        pzc = self._pzc + self._contrast * variation.islands
        return stern_charge(self._stern, metal, plane.potential, pzc)

    def _deposit(self, eta: Any, plane: ElectrodePlane, variation: Variation) -> Any:
        i0 = self.exchange_current_density(variation)
        if self.kinetics.form == "linear":
            return linear_kinetics(eta, i0, self._charge, plane.ln_activity)
        return butler_volmer(eta, i0, self._alpha_a, self._alpha_c, plane.ln_activity)
