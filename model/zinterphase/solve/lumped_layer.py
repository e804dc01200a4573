"""A double layer as a capacitor between a metal and the liquid outside, for changes in time."""

from dataclasses import dataclass

from zinterphase.expressions import Expr


@dataclass(frozen=True)
class LumpedLayer:
    """Its charge is ``capacitance`` [F/m2] times RT/F and the metal's potential against the liquid.

    ``capacitance`` may be UFL. The current that charges it is carried in the liquid by ``ion``, of
    charge number ``ion_charge``. Newman & Thomas-Alyea, Electrochemical Systems, section 22.8.
    """

    capacitance: Expr
    ion: str
    ion_charge: int

    def charge(self, metal: Expr, outside: Expr) -> Expr:
        """Of the metal per wetted area [C/m2], from potentials in units of RT/F; its zero has no
        effect on its changes."""
        return self.capacitance * (metal - outside)
