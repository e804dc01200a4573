"""First-order distribution of current over a wavy or patchy electrode under a film.

Lengths [m], conductivities [S/m], ``resistance`` of charge transfer [ohm m2], wave number k [1/m].
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from zinterphase.physics.stability import current_response
from zinterphase.physics.waves import Stratum, way


@dataclass(frozen=True)
class Film:
    """A film of uniform ``thickness``; ``conformal`` or with a flat outer face.

    ``conductivity`` is that across it, ``lateral`` times it that along it.
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
    """
    number = np.array([k])
    ways = [(1.0, way(number, _strata(film, Stratum(gap, conductivity))))]
    return float(current_response(number, 1.0, resistance, 0.0, ways)[0] / k)


def patch_response(k: float, conductivity: float, resistance: float, film: Film | None) -> float:
    """i1/(e i) for i0 (1 + e cos kx) on a flat electrode below a thick electrolyte.

    1/(1 + Z(k)/R_ct): the share of a kinetic patch that is left in the
    current; 1 is no smoothing.
    """
    strata = _strata(film, Stratum(inf, conductivity))
    return 1 / (1 + float(way(np.array([k]), strata).impedance[0]) / resistance)


def _strata(film: Film | None, liquid: Stratum) -> list[Stratum]:
    if film is None:
        return [liquid]
    return [Stratum(film.thickness, film.conductivity, film.lateral, film.conformal), liquid]


PROTRUSIONS = {"hemisphere": 3.0, "ridge": 2.0}
"""Current density at the tip of a hemisphere and of a semicircular ridge on a plane over that far
away, and the current they collect over that of the plane they cover: i = 3 (or 2) i_far cos theta.
"""
