"""Drive the chain: one case, comparisons of cases."""

from zinterphase.result import Result
from zinterphase.studies.compare import Comparison, compare
from zinterphase.studies.single import mesh_case, solve

__all__ = ["Comparison", "Result", "compare", "mesh_case", "solve"]
