"""Distributed meshes with named layers, interfaces and boundaries (DOLFINx)."""

import zinterphase.startup  # noqa: F401
from zinterphase.mesh.domain import Domain, Region
from zinterphase.mesh.motion import at_nodes

__all__ = ["Domain", "Region", "at_nodes"]
