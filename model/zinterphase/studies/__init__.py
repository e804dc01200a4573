"""Drive the chain: one case, comparisons of cases."""

from zinterphase.result import Result
from zinterphase.studies.compare import Comparison, compare
from zinterphase.studies.files import file_names, write_comparison
from zinterphase.studies.single import mesh_case, solve

__all__ = [
    "Comparison",
    "Result",
    "compare",
    "file_names",
    "mesh_case",
    "solve",
    "write_comparison",
]
