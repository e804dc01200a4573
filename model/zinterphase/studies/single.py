"""One case from mesh to result."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from mpi4py import MPI

from zinterphase.advice import Regime, require_valid
from zinterphase.case import Case
from zinterphase.errors import ZinterphaseError
from zinterphase.geometry.quality import MeshQuality, mesh_quality
from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.source import mesh_of_case
from zinterphase.mesh import Domain
from zinterphase.observe.currents import Balance, balances, require_closed, working_current
from zinterphase.observe.evaluate import surface_map
from zinterphase.observe.homogeneity import Homogeneity, homogeneity
from zinterphase.observe.planes import plane_map
from zinterphase.observe.projection import projected_map
from zinterphase.observe.surface import SurfaceMap
from zinterphase.observe.voltage import VoltageParts, voltage_parts
from zinterphase.solve.continuation import Attempt
from zinterphase.solve.problem import Problem


@dataclass(frozen=True)
class Result:
    """A converged, balanced solution reduced to what is asked of it. SI units.

    ``surface`` holds the reacting surface point by point, ``anode`` the current per projected
    substrate area, ``outer_face`` the flux through the outer face of the films (None without a
    film). ``potential`` is the working electrode's against its equilibrium with the bulk [V].
    ``problem`` still holds the unknowns.
    """

    case: Case
    regime: Regime
    quality: MeshQuality
    problem: Problem
    attempts: tuple[Attempt, ...]
    mean_current_density: float
    potential: float
    voltage: VoltageParts
    balances: tuple[Balance, ...]
    surface: SurfaceMap
    anode: SurfaceMap
    outer_face: SurfaceMap | None
    homogeneity: dict[str, Homogeneity]
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Meshed:
    """The mesh of a case, distributed, with its report."""

    domain: Domain
    quality: MeshQuality


def mesh_case(case: Case, comm: MPI.Intracomm = MPI.COMM_WORLD) -> Meshed:
    """Make or load the mesh on rank 0 and distribute it; collective.

    An error on rank 0 is raised on every rank.
    """
    raw: RawMesh | None = None
    outcome: MeshQuality | ZinterphaseError | None = None
    if comm.rank == 0:
        try:
            raw = mesh_of_case(case)
            outcome = mesh_quality(raw, require_valid(case).debye_length)
        except ZinterphaseError as error:
            outcome = error
    outcome = comm.bcast(outcome)
    if isinstance(outcome, ZinterphaseError):
        raise outcome
    assert outcome is not None
    return Meshed(Domain.create(comm, raw, case.geometry.coordinates), outcome)


def solve(
    case: Case,
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    *,
    on_attempt: Callable[[Attempt], None] = lambda attempt: None,
) -> Result:
    """Solve ``case`` on all ranks of ``comm``; collective.

    Raises :class:`CaseError` for input that is refused, :class:`MeshError`,
    :class:`SolveError` when no converged state is reached, :class:`BalanceError` when the solution
    does not conserve charge and mass.
    """
    regime = require_valid(case)
    started = time.perf_counter()
    meshed = mesh_case(case, comm)
    built = time.perf_counter()
    problem = Problem(case, meshed.domain)
    ready = time.perf_counter()
    seconds = {"mesh": built - started, "forms": ready - built}
    return solve_on(problem, regime, meshed.quality, seconds, on_attempt)


def solve_on(
    problem: Problem,
    regime: Regime,
    quality: MeshQuality,
    seconds: dict[str, float],
    on_attempt: Callable[[Attempt], None] = lambda attempt: None,
) -> Result:
    """Solve and observe a problem that is already built, from its present state; collective."""
    started = time.perf_counter()
    attempts = problem.solve(on_attempt)
    solved = time.perf_counter()
    rows = balances(problem)
    require_closed(rows)
    surface = surface_map(problem)
    anode = projected_map(problem, surface)
    outer = _outer_face(problem)
    seconds = {**seconds, "solve": solved - started, "observe": time.perf_counter() - solved}
    return Result(
        case=problem.case,
        regime=regime,
        quality=quality,
        problem=problem,
        attempts=tuple(attempts),
        mean_current_density=working_current(problem) / problem.projected_area,
        potential=problem.potential.value * problem.bulk.thermal_voltage,
        voltage=voltage_parts(problem),
        balances=tuple(rows),
        surface=surface,
        anode=anode,
        outer_face=outer,
        homogeneity=_homogeneity(problem.case, surface, anode, outer),
        seconds=seconds,
    )


def _outer_face(problem: Problem) -> SurfaceMap | None:
    """Map of the plane between the last film and the free electrolyte."""
    if len(problem.stack.liquid) < 2:
        return None
    return plane_map(problem, *problem.stack.liquid[-2:])


def _homogeneity(
    case: Case, surface: SurfaceMap, anode: SurfaceMap, outer: SurfaceMap | None
) -> dict[str, Homogeneity]:
    """Metrics by field; where they are taken is part of the name."""
    radius, widths = case.metrics.smoothing_radius, case.geometry.extents
    plane = "ohp" if case.level == "pnp" else "surface"
    maps = {
        "current_density": (anode, "current_density", "projected"),
        "current_density_true_area": (surface, "current_density", "area"),
        "ion_flux_surface": (surface, "ion_flux", "area"),
        f"normal_field_{plane}": (surface, "normal_field", "area"),
    }
    if outer is not None:
        maps["ion_flux_outer_face"] = (outer, "ion_flux", "area")
    return {
        name: homogeneity(chosen, key, widths, radius, weight)  # type: ignore[arg-type]
        for name, (chosen, key, weight) in maps.items()
    }
