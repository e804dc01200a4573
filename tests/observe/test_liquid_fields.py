"""Fields that are compiled once follow the state."""

from pathlib import Path

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.observe.fields import LiquidFields, liquid_fields
from zinterphase.run import mesh_case
from zinterphase.solve.problem import Problem

ROOT = Path(__file__).parents[2]


def test_fields_of_a_later_state_are_those_of_a_fresh_evaluation() -> None:
    """With a resolved metal, whose potential the liquid's nodes take over."""
    settings = [
        "level=secondary", "layers.silver.potential=resolved", "geometry.width=10 um",
        "mesh.far_size=20 um",
    ]  # fmt: skip
    case = Case.load(ROOT / "cases/dual_layer.toml", settings)
    problem = Problem(case, mesh_case(case, MPI.COMM_SELF).domain)
    problem.rest()
    fields = LiquidFields(problem)
    before = {f.name: f.x.array.copy() for f in fields.now()}
    for shift, field in enumerate(problem.fields.values(), 1):
        field.x.array[:] += shift * np.linspace(0.0, 1.0, len(field.x.array))
    for scalar in problem.scalars.values():
        scalar.value += 0.5
    found, expected = fields.now(), liquid_fields(problem)
    assert [f.name for f in found] == [f.name for f in expected]
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one.x.array, other.x.array, err_msg=one.name)
    for name in ("potential", "electronic_potential", "overpotential", "current_density"):
        now = next(f for f in found if f.name == name).x.array
        assert not np.allclose(now, before[name])
