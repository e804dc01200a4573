"""Distributed meshes with named layers, interfaces and boundaries (DOLFINx)."""

from zinterphase.mesh.domain import Domain, Region

__all__ = ["Domain", "Region"]
