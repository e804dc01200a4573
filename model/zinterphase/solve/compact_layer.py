"""The compact layer of a metal: its charge behind a Stern capacitance."""

from zinterphase.case import Kinetics
from zinterphase.expressions import Expr
from zinterphase.fem_types import Mesh
from zinterphase.levels.base import ElectrodePlane
from zinterphase.physics.electrostatics import stern_charge
from zinterphase.solve.unknowns import constant


class CompactLayer:
    """Charge of a metal as UFL, with parameters that change without compiling.

    Potentials are in units of RT/F against the gauge. ``islands`` is the share of another kind of
    surface, 0 to 1, with a potential of zero charge of its own. ``load`` scales the distance to
    the potential of zero charge.
    """

    def __init__(
        self,
        mesh: Mesh,
        kinetics: Kinetics,
        gauge: float,
        thermal_voltage: float,
        islands: Expr,
    ) -> None:
        """``gauge`` [V, scale of the case] is the potential that counts as zero."""
        self.islands = islands
        self._stern = constant(mesh, kinetics.stern_capacitance * thermal_voltage)
        other = kinetics.patches.pzc if kinetics.patches else None
        contrast = 0.0 if other is None else other - kinetics.pzc
        self._pzc_value = (kinetics.pzc - gauge) / thermal_voltage
        self._contrast_value = contrast / thermal_voltage
        self._pzc = constant(mesh, 0.0)
        self._contrast = constant(mesh, 0.0)

    def set_load(self, fraction: float) -> None:
        """Apply a fraction of the distance to the potential of zero charge."""
        self._pzc.value[...] = fraction * self._pzc_value
        self._contrast.value[...] = fraction * self._contrast_value

    def charge(self, metal: Expr, plane: ElectrodePlane, islands: Expr) -> Expr:
        """Of the metal per wetted area [C/m2]."""
        pzc = self._pzc + self._contrast * islands
        return stern_charge(self._stern, metal, plane.potential, pzc)
