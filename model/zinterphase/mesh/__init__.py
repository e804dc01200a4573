"""Distributed meshes with named layers, interfaces and boundaries (DOLFINx)."""

import zinterphase.startup  # noqa: F401
from zinterphase.mesh.domain import Domain, Region

__all__ = ["Domain", "Region"]
