"""Distributed meshes with named layers, interfaces and boundaries (DOLFINx)."""

from zinterphase.mesh.domain import Domain, Region
from zinterphase.mesh.source import domain_of_case

__all__ = ["Domain", "Region", "domain_of_case"]
