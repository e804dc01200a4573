"""One case from mesh to result."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.advice import Regime, require_valid
from zinterphase.cell.electrodes import cell_of
from zinterphase.errors import OutOfMemory, SolveError
from zinterphase.geometry.front_advice import require_stable
from zinterphase.geometry.quality import MeshQuality, mesh_quality
from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.recipe import Recipe, recipe_from_case
from zinterphase.geometry.source import mesh_of_case
from zinterphase.mesh import Domain
from zinterphase.observe.errors import GOALS, Estimates, estimate_errors
from zinterphase.observe.limits import what_limits
from zinterphase.observe.validity import require_measured_range
from zinterphase.parallel import on_root
from zinterphase.result import Result, observed
from zinterphase.solve.continuation import Attempt, ContinuationFailure
from zinterphase.solve.problem import Problem
from zinterphase.solve.state import State


@dataclass(frozen=True)
class Meshed:
    """The mesh of a case, distributed, with its report."""

    domain: Domain
    quality: MeshQuality


def mesh_case(
    case: Case,
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    raw_mesh: Callable[[Case], RawMesh] = mesh_of_case,
    recipe: Callable[[Case], Recipe] = recipe_from_case,
) -> Meshed:
    """Make or load the mesh on rank 0, distribute it, and divide its cells there; collective.

    ``raw_mesh`` is called on rank 0 only, and so is ``recipe``, which tells what that mesh is made
    from where it is not from a file. An error there is raised on every rank.
    """
    raw: RawMesh | None = None

    def make() -> MeshQuality:
        nonlocal raw
        raw = raw_mesh(case)
        quality = mesh_quality(raw, cell_of(case).bulk.debye_length)
        if not case.mesh.divisions:
            require_stable(case, quality)
        return quality

    quality = on_root(comm, make)
    domain, raw = Domain.create(comm, raw, case.geometry.coordinates), None
    meshed = Meshed(domain, quality)
    return _divided(case, meshed, recipe) if case.mesh.divisions else meshed


def _divided(case: Case, coarse: Meshed, recipe: Callable[[Case], Recipe]) -> Meshed:
    """Every rank divides its own cells; collective."""
    # Few runs do.
    from zinterphase.geometry.chart import Chart
    from zinterphase.geometry.divided_quality import pooled, require_gentle, require_sound, told
    from zinterphase.mesh.divided import divided
    from zinterphase.mesh.parts import own_part

    comm, times = coarse.domain.comm, case.mesh.divisions
    chart = None
    if case.mesh.file is None:
        chart = on_root(comm, lambda: Chart.of(recipe(case), times))
    domain = divided(coarse.domain, times, chart)
    part = mesh_quality(own_part(domain), cell_of(case).bulk.debye_length)
    notes = (*coarse.quality.notes, told(coarse.quality, times))
    whole = pooled(comm.allgather(part))
    quality = replace(whole, vertices=domain.vertex_count, notes=notes)
    require_sound(quality, times)
    if chart is not None:
        require_gentle(quality, times)
    require_stable(case, quality)
    return Meshed(domain, quality)


def solve(
    case: Case,
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    *,
    on_attempt: Callable[[Attempt], None] = lambda attempt: None,
    errors: bool = False,
) -> Result:
    """Solve ``case`` on all ranks of ``comm``; collective.

    With ``errors`` the discretisation errors of the main numbers are estimated too.

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
    return solve_on(problem, regime, meshed.quality, seconds, on_attempt, errors=errors)


def solve_on(
    problem: Problem,
    regime: Regime,
    quality: MeshQuality,
    seconds: dict[str, float],
    on_attempt: Callable[[Attempt], None] = lambda attempt: None,
    *,
    errors: bool = False,
    start: State | None = None,
) -> Result:
    """Solve and observe a problem that is already built; collective.

    From rest, or from ``start``, the solution of a neighbouring problem.
    With ``errors`` the discretisation errors of the main numbers are estimated too.
    """
    started = time.perf_counter()

    def note(attempt: Attempt) -> None:
        on_attempt(attempt)
        if attempt.converged:
            # Depletion grows with the load: no later step comes back into the range.
            require_measured_range(problem)

    try:
        attempts = problem.solve(start, note)
    except ContinuationFailure as failure:
        raise failure.because(what_limits(problem, regime)) from failure
    problem.lighten()
    solved = time.perf_counter()
    result = observed(problem, regime, quality, attempts, {**seconds, "solve": solved - started})
    seen = time.perf_counter()
    result = replace(result, seconds={**result.seconds, "observe": seen - solved})
    return with_errors(result) if errors else result


def with_errors(result: Result) -> Result:
    """The result with estimates of the discretisation errors of its main numbers; collective."""
    started = time.perf_counter()
    estimates = _estimates(result)
    spent = {**result.seconds, "errors": time.perf_counter() - started}
    facets = result.facets
    if estimates.points is not None:
        facets = estimates.points.judged(facets)
    return replace(result, errors=estimates, facets=facets, seconds=spent)


def _estimates(result: Result) -> Estimates:
    """A solution stands without its estimates where the richer problem has none."""
    try:
        seen = (result.currents, result.surface, result.facets.map, result.anode)
        return estimate_errors(result.problem, *seen)
    except (OutOfMemory, SolveError) as error:
        return Estimates({}, dict.fromkeys(GOALS, str(error)))
