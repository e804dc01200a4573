"""A surface that grows along its normal: what its slope does to it, and where it sharpens.

Its height over the plane obeys dh/dt = v sqrt(1 + |grad h|^2): concave places sharpen to kinks in
finite time (Hamilton-Jacobi), which nodal functions answer with waves from node to node unless
something damps these.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array, diags_array

from zinterphase.mesh.lateral import LateralMesh

Array = npt.NDArray[np.float64]
DAMPED = 0.125
"""Strength: a wave from node to node fades as fast as it does in an upwind difference."""


@dataclass(frozen=True, eq=False)
class Damping:
    """a l^3 lap lap h with the speed ``a`` of slopes along the plane and the distance ``l`` of
    nodes, against nodal functions: of third order where the surface is smooth and nothing where it
    is flat. It moves metal along the surface, and makes none.

    ``speed`` [m/s] is that along the normal.
    """

    stiffness: csc_array
    strength: Array
    speed: float

    def of(self, height: Array) -> Array:
        """Against each node's function."""
        return np.asarray(self.stiffness @ (self.strength * (self.stiffness @ height)))

    @property
    def matrix(self) -> csc_array:
        """The same for any heights."""
        return csc_array(self.stiffness @ diags_array(self.strength) @ self.stiffness)


class NormalGrowth:
    """On the nodes of a surface with the mean speed ``v`` along its normal [m/s]."""

    def __init__(self, face: LateralMesh) -> None:
        self._face = face
        self._is_point = face.position.shape[1] == 0
        self._stiffness = csc_array((1, 1))
        if self._is_point:
            return
        local = np.einsum("fq,fqir,fqjr->fij", face.weights, face.gradients, face.gradients)
        self._stiffness = face.assembled(local)
        mass = face.mass().diagonal()
        areas = mass * (face.weights.sum() / mass.sum())
        intervals = 1 if face.is_linear else 2
        self._around = _means_around(face)
        size = self._around @ face.sizes / intervals
        self._scale = DAMPED * size**3 / areas

    def transport(self, height: Array, v: float) -> csc_array:
        """Derivative of v sqrt(1 + |grad h|^2) by the height, against nodal functions."""
        face = self._face
        if self._is_point:
            return csc_array((1, 1))
        slope = face.slopes(height)
        along = v * slope / np.sqrt(1.0 + (slope**2).sum(axis=2))[:, :, None]
        local = np.einsum("fq,qi,fqr,fqjr->fij", face.weights, face.values, along, face.gradients)
        return face.assembled(local)

    def damping(self, height: Array, growth: float) -> Damping:
        """Of waves from node to node at these heights, where the whole surface grows by so much
        volume in time [m3/s]."""
        if self._is_point:
            return Damping(self._stiffness, np.zeros(1), growth)
        square = (self._face.slopes(height) ** 2).sum(axis=2)
        v = growth / float((self._face.weights * np.sqrt(1.0 + square)).sum())
        mean = square.mean(axis=1)
        speed = abs(v) * (self._around @ np.sqrt(mean / (1.0 + mean)))
        return Damping(self._stiffness, self._scale * speed, v)


def _means_around(face: LateralMesh) -> csr_array:
    """Means over the facets around each node, of values of facets."""
    count, width = face.facets.shape
    nodes = face.facets.ravel()
    shares = 1.0 / np.bincount(nodes, minlength=len(face.position))
    places = nodes, np.repeat(np.arange(count), width)
    return csr_array((shares[nodes], places), shape=(len(face.position), count))
