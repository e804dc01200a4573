"""Drive the chain: one case, comparisons of cases."""

from zinterphase.studies.single import Result, mesh_case, solve

__all__ = ["Result", "mesh_case", "solve"]
