"""Electrons in a semiconductor that the electrolyte gates."""

import ufl

from zinterphase.expressions import Expr


def gated_conductivity(
    conductivity: Expr, accumulated: Expr, drop: Expr, flat_band: Expr, ideality: Expr
) -> Expr:
    """Conductivity [S/m] of a porous semiconductor at the potential ``drop`` [RT/F] of its solid
    against the pore liquid.

    ``accumulated`` [S/m] is added where electrons fill it, below its flat-band potential
    ``flat_band`` on the same scale as ``drop``; one decade takes ``ideality`` RT/F ln 10. Form of
    the transition after the electrolyte-gated films of Fabregat-Santiago et al. (2003),
    J. Phys. Chem. B 107, 758.
    """
    return conductivity + accumulated / (1 + ufl.exp((drop - flat_band) / ideality))
