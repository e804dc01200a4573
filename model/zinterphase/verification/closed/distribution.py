"""First-order distribution of current over a wavy or patchy electrode under a film.

Lengths [m], conductivities [S/m], ``resistance`` of charge transfer [ohm m2], wave number k [1/m].
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cosh, sinh, sqrt, tanh


@dataclass(frozen=True)
class Film:
    """A film of uniform ``thickness``; ``conformal`` or with a flat outer face.

    ``conductivity`` is that across it, ``lateral`` times it that along it. With m = lateral^1/2 the
    film acts as one of conductivity g = m times that across, stretched m times.
    """

    thickness: float
    conductivity: float
    conformal: bool = True
    lateral: float = 1.0


def corrugation_response(
    k: float, conductivity: float, gap: float, resistance: float, film: Film | None
) -> float:
    """i1/(i k h) of an electrode y = h cos kx below an equipotential plane at ``gap`` above the
    film: linear response of secondary distribution, without capillarity.

    Over a finite gap the electrolyte's share kappa k becomes kappa k coth(k gap). Wagner (1951)
    without film.
    """
    coth = 1 / tanh(k * gap)
    if film is None:
        return 1 / (1 / coth + conductivity * resistance * k)
    stretch = sqrt(film.lateral)
    mean = stretch * film.conductivity
    r = conductivity / mean
    s, c = sinh(stretch * k * film.thickness), cosh(stretch * k * film.thickness)
    share = s + r * coth * c
    shift = coth * (conductivity / film.conductivity - 1) if film.conformal else 0.0
    return (stretch * share - shift) / (c + r * coth * s + resistance * mean * k * share)


def patch_response(k: float, conductivity: float, resistance: float, film: Film | None) -> float:
    """i1/(e i) for i0 (1 + e cos kx) on a flat electrode below a thick electrolyte.

    1/(1 + Z(k)/R_ct): the share of a kinetic patch that is left in the
    current; 1 is no smoothing.
    """
    if film is None:
        return 1 / (1 + 1 / (conductivity * k * resistance))
    stretch = sqrt(film.lateral)
    mean = stretch * film.conductivity
    r = conductivity / mean
    s, c = sinh(stretch * k * film.thickness), cosh(stretch * k * film.thickness)
    impedance = (c + r * s) / (mean * k * (s + r * c))
    return 1 / (1 + impedance / resistance)


PROTRUSIONS = {"hemisphere": 3.0, "ridge": 2.0}
"""Current density at the tip of a hemisphere and of a semicircular ridge on a plane over that far
away, and the current they collect over that of the plane they cover: i = 3 (or 2) i_far cos theta.
"""
