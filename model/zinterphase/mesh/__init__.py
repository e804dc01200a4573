"""Distributed meshes with named layers, interfaces and boundaries (DOLFINx)."""

from zinterphase import startup as _startup  # noqa: F401  # isort: skip  # before DOLFINx

from zinterphase.mesh.domain import Domain, Region

__all__ = ["Domain", "Region"]
