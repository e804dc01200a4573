"""The flux through interior planes as a map: the film's outer face."""

import numpy as np
import numpy.typing as npt
import ufl

from zinterphase.fem_types import Form
from zinterphase.observe.conservation import assembled
from zinterphase.observe.surface import SurfaceMap
from zinterphase.routes import everywhere
from zinterphase.scales import FARADAY
from zinterphase.solve.discretisation import RegionSpaces, region_spaces
from zinterphase.solve.measures import ELECTRODE
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import LIQUID
from zinterphase.solve.terms import total
from zinterphase.solve.walls import Wall

Array = npt.NDArray[np.float64]
Dofs = npt.NDArray[np.int32]


def plane_map(problem: Problem, lower: str, upper: str) -> SurfaceMap:
    """Current density and plated ion's flux into the metal's side at ``lower | upper``; collective.

    Recovered at nodes from the residual of the layers below (consistent flux, lumped over the
    plane): `current_density` [A/m2, cathodic negative] and `ion_flux` [mol/m2/s, towards the metal
    positive], per area of the plane.
    """
    name = f"{lower}|{upper}"
    spaces = problem.once(recovery_spaces)
    dofs = spaces.owned(spaces.dofs_on(problem.measures.facets[name]))
    walls = problem.working.walls if problem.electrodes else ()
    form = problem.once(_residual, spaces, problem.stack.layers_below(upper), walls)
    table = assembled(form, problem.system.components(LIQUID))[dofs]
    area, projected = _shares(problem, spaces, name)
    through = problem.level.ion_current(problem.cell.main_ion, table) / area[dofs]
    current = problem.level.ionic_current(table) / area[dofs]
    points = spaces.scalar.tabulate_dof_coordinates()[dofs, : problem.domain.mesh.geometry.dim]
    return _gathered(
        problem,
        points,
        area[dofs],
        projected[dofs],
        {"current_density": current, "ion_flux": -through / FARADAY},
    )


def equipotential_map(problem: Problem) -> SurfaceMap:
    """The current at an electrode without kinetic resistance, recovered at its nodes; collective.

    Same fields and units as a reacting surface, the overpotential being zero.
    """
    ion, spaces = problem.bulk.ion(problem.cell.main_ion), problem.once(recovery_spaces)
    dofs, current, area, projected = electrode_nodes(problem, spaces)
    conductivity = _conductivity_at_electrode(problem, projected / area)
    points = spaces.scalar.tabulate_dof_coordinates()[dofs]
    values = {
        "current_density": current,
        "ion_flux": -current / (ion.charge * FARADAY),
        "normal_field": -current / conductivity,
        "overpotential": np.zeros_like(current),
        "concentration": np.full_like(current, ion.concentration),
    }
    position = points[:, : problem.domain.mesh.geometry.dim]
    return _gathered(problem, position, area, projected, values)


def recovery_spaces(problem: Problem) -> RegionSpaces:
    """Spaces of first order, to lump fluxes with; collective.

    Their basis functions are sums of those of higher order. These alone would serve corners worse
    than the middles of edges, and on triangles not at all: there the mean of a corner's is zero.
    """
    if problem.case.mesh.order == 1:
        return problem.liquid
    components = problem.system.components(LIQUID)
    return region_spaces(problem.domain, problem.stack.electrostatic, components, 1)


def electrode_nodes(problem: Problem, spaces: RegionSpaces) -> tuple[Dofs, Array, Array, Array]:
    """Owned nodes of ``spaces`` on an equipotential electrode: scalar dofs, recovered current
    density [A/m2], and the share of each in the true and in the projected area [m2]; collective."""
    dofs = spaces.owned(spaces.dofs_on(problem.measures.facets[ELECTRODE]))
    form = problem.once(_residual, spaces, problem.stack.liquid, ())
    table = assembled(form, 1)[dofs, 0]
    area, projected = (share[dofs] for share in _shares(problem, spaces, ELECTRODE))
    return dofs, table / area, area, projected


def _conductivity_at_electrode(problem: Problem, tilt: Array) -> Array:
    """n . K n of the layer on the electrode [S/m], by the last component of the normal."""
    name = problem.stack.liquid[0]
    medium = problem.case.layer(name).medium
    ion = problem.bulk.ion(problem.cell.main_ion)
    pores = problem.bulk.conductivity * medium.ionic_conductivity_factor
    walls = FARADAY * ion.charge**2 * medium.surface_transport / problem.bulk.thermal_voltage
    share = tilt**2 + medium.lateral_transport * (1.0 - tilt**2)
    return np.asarray(share * (pores + walls))


def _residual(
    problem: Problem, spaces: RegionSpaces, layers: tuple[str, ...], walls: tuple[Wall, ...]
) -> Form:
    """Rows of the liquid over ``layers`` with what some walls add, tested in ``spaces``."""
    rows = total([*problem.liquid_terms(layers), *problem.wall_terms(walls)])
    assert rows.liquid is not None
    if spaces is problem.liquid:
        return problem.compiled(rows.liquid)
    tests = {problem.unknowns.liquid_test: ufl.TestFunction(spaces.space)}
    return problem.compiled(ufl.replace(rows.liquid, tests))


def _shares(problem: Problem, spaces: RegionSpaces, name: str) -> tuple[Array, Array]:
    """Area of the plane that belongs to each owned node, true and projected."""
    true, projected = (assembled(form, 1)[:, 0] for form in problem.once(_weights, spaces, name))
    return true, projected


def _weights(problem: Problem, spaces: RegionSpaces, name: str) -> tuple[Form, Form]:
    test = ufl.TestFunction(spaces.scalar)
    normal = ufl.FacetNormal(problem.domain.mesh)
    last = abs(normal[problem.domain.mesh.geometry.dim - 1])
    over = problem.measures.over_facets
    return problem.compiled(over(test, name)), problem.compiled(over(last * test, name))


def _gathered(
    problem: Problem, points: Array, area: Array, projected: Array, values: dict[str, Array]
) -> SurfaceMap:
    comm = problem.domain.comm
    position = everywhere(comm, points)
    return SurfaceMap(
        position,
        everywhere(comm, area),
        everywhere(comm, projected),
        np.arange(len(position)),
        {k: everywhere(comm, v) for k, v in values.items()},
    ).sorted()
