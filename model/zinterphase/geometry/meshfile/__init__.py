"""Mesh files, read by code that executes nothing of them and within bounds. Serial."""

from zinterphase.geometry.meshfile.content import Block, Malformed, MeshFile
from zinterphase.geometry.meshfile.reading import FIELD, read_mesh_file

__all__ = ["FIELD", "Block", "Malformed", "MeshFile", "read_mesh_file"]
