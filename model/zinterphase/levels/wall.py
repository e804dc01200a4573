"""Thin double layers at the walls of a level that does not resolve them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from zinterphase.levels.base import Averaging, Component, ElectrodePlane, Level, LiquidMedia
from zinterphase.physics.diffuse_layer import gouy_chapman_charge
from zinterphase.scales import FARADAY


class GouyChapmanStern:
    """A neutral level with diffuse and compact layers in equilibrium at its electrodes.

    One more unknown, the last: the potential of the outer Helmholtz plane against the neutral
    liquid in equilibrium with it, in units of RT/F. Its row says that the charge behind the compact
    layer is that of the diffuse layer; it lives at the electrodes only. The kinetics see the
    potential and the activity of that plane (Frumkin's correction), as at level `pnp`.
    Bonnefont, Argoul & Bazant (2001), J. Electroanal. Chem. 500, 52, in the limit of a thin layer.
    """

    has_double_layer = False
    has_compact_layer = True

    def __init__(
        self,
        neutral: Level,
        charges: Sequence[int],
        reactant: int,
        thermal_voltage: Any,
        charge_rate: Any,
    ) -> None:
        """``charges`` are those of the ions in the order of ``neutral.concentrations``,
        ``reactant`` is the index of the reacting one."""
        self._neutral = neutral
        self._charges = tuple(charges)
        self._reactant = reactant
        self._thermal_voltage = thermal_voltage
        self._charge_rate = charge_rate
        self._wall = len(neutral.component_names)

    @property
    def component_names(self) -> tuple[str, ...]:
        """Those of the neutral level, then the plane's potential."""
        return (*self._neutral.component_names, "plane")

    @property
    def conserved(self) -> Mapping[Component, str]:
        """As at the neutral level."""
        return self._neutral.conserved

    @property
    def measured_range(self) -> tuple[float, float] | None:
        """As at the neutral level."""
        return self._neutral.measured_range

    def concentrations(self, u: Any, media: LiquidMedia) -> list[Any]:
        """As at the neutral level: outside the diffuse layers."""
        return self._neutral.concentrations(u, media)

    def donnan_potential(self, u: Any, media: LiquidMedia) -> Any:
        """As at the neutral level."""
        return self._neutral.donnan_potential(u, media)

    def transference_number(self, u: Any, media: LiquidMedia) -> Any:
        """As at the neutral level."""
        return self._neutral.transference_number(u, media)

    def fluxes(self, u: Any, media: LiquidMedia) -> list[Any]:
        """As at the neutral level."""
        return self._neutral.fluxes(u, media)

    @property
    def averaging(self) -> Averaging | None:
        """As at the neutral level."""
        return self._neutral.averaging

    def residual(self, u: Any, v: Any, media: LiquidMedia) -> Any:
        """As at the neutral level; the last row has no part inside the liquid."""
        return self._neutral.residual(u, v, media)

    def potential(self, u: Any) -> Any:
        """As at the neutral level."""
        return self._neutral.potential(u)

    def plane(self, u: Any) -> ElectrodePlane:
        """The outer Helmholtz plane, in equilibrium with the neutral liquid."""
        outside, drop = self._neutral.plane(u), u[self._wall]
        charge = self._charges[self._reactant]
        return ElectrodePlane(outside.potential + drop, outside.ln_activity - charge * drop)

    def outer_potential(self, u: Any) -> Any:
        """As at the neutral level."""
        return self._neutral.outer_potential(u)

    def faradaic(self, current_density: Any, v: Any) -> Any:
        """As at the neutral level."""
        return self._neutral.faradaic(current_density, v)

    def metal_charge(self, charge_density: Any, v: Any) -> Any:
        """The row of the plane's potential."""
        return -self._charge_rate * charge_density * v[self._wall]

    def diffuse_charge(self, u: Any, media: LiquidMedia) -> Any:
        """Gouy-Chapman charge of the ions outside, those of charged pores included."""
        inside = self.donnan_potential(u, media)
        ions = list(zip(self._charges, self.concentrations(u, media), strict=True))
        return gouy_chapman_charge(
            u[self._wall] - inside,
            ions,
            media.permittivity * media.porosity,
            FARADAY * self._thermal_voltage,
        )

    def current_density(self, u: Any, media: LiquidMedia) -> Any:
        """As at the neutral level."""
        return self._neutral.current_density(u, media)

    def ohmic_dissipation(self, u: Any, media: LiquidMedia) -> Any:
        """As at the neutral level."""
        return self._neutral.ohmic_dissipation(u, media)

    def dissipation(self, u: Any, media: LiquidMedia) -> Any:
        """As at the neutral level."""
        return self._neutral.dissipation(u, media)

    def normal_field(self, current: Any, charge: Any, u: Any, media: LiquidMedia) -> Any:
        """As at the neutral level: at the outer edge of the diffuse layer."""
        return self._neutral.normal_field(current, charge, u, media)

    def reactant_current(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """As at the neutral level."""
        return self._neutral.reactant_current(rows[:, : self._wall])

    def bulk_current_to_terminal(self, recovered: npt.NDArray[np.float64]) -> float:
        """As at the neutral level."""
        return self._neutral.bulk_current_to_terminal(recovered[: self._wall])
