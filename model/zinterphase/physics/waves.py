"""How a wave of current along an electrode finds its way through the layers above.

To first order in the amplitude, in each layer phi = A cosh(m k y) + B sinh(m k y), with the wave
number k [1/m] and m^2 the ratio of the conductivities along and across it: Wagner (1951), J.
Electrochem. Soc. 98, 116. The axes of conduction are those of the stack, also in layers that follow
the electrode.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Stratum:
    """A layer on the way of the current, its thickness [m] and ``conductivity`` across it.

    ``lateral`` times that is its conductivity along it. Its upper face ``rides`` on the electrode,
    or stays a plane. A thickness without bound has no upper face.
    """

    thickness: float
    conductivity: float
    lateral: float = 1.0
    rides: bool = False


@dataclass(frozen=True, eq=False)
class Way:
    """What layers are to waves of given numbers k, shape of k.

    A wave i1 of the current density into the electrode lowers the potential beside it by
    ``impedance`` i1 [ohm m2]; a wave a of the electrode's height raises it, at the mean current
    density i, by ``lead`` i a [ohm m]: the electrode reaches to where the potential is higher, and
    faces that ride on it shift what is above.
    """

    impedance: Array
    lead: Array


def way(k: Array, strata: Sequence[Stratum], beyond: float = 0.0) -> Way:
    """The way through ``strata``, from the electrode upwards, to a plane.

    ``beyond`` is the resistance [ohm m2] from there on, 0 where the plane is equipotential.
    """
    impedance, shift = np.full_like(k, beyond), np.zeros_like(k)
    above: Stratum | None = None
    for layer in reversed(strata):
        if above is not None and layer.rides:
            shift = shift + 1.0 / above.conductivity - 1.0 / layer.conductivity
        stretch = sqrt(layer.lateral)
        share = stretch * layer.conductivity * k
        depth = stretch * k * layer.thickness
        slope = np.tanh(depth)
        passed = 1.0 + impedance * share * slope
        shift = shift / passed * _inverse_cosh(depth)
        impedance = (slope / share + impedance) / passed
        above = layer
    assert above is not None
    return Way(impedance, 1.0 / above.conductivity + shift)


def _inverse_cosh(x: Array) -> Array:
    decay = np.exp(-x)
    return np.asarray(2.0 * decay / (1.0 + decay**2))
