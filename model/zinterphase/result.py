"""A solution reduced to what is asked of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import nan

from zinterphase.case import Case
from zinterphase.cell.advice import Regime, require_below_limit, require_sensible_current
from zinterphase.cell.finding import Finding
from zinterphase.geometry.mesh_advice import mesh_findings
from zinterphase.geometry.quality import MeshQuality
from zinterphase.observe import keys
from zinterphase.observe.balance import Balance
from zinterphase.observe.charge import surface_charge
from zinterphase.observe.conservation import balances, require_closed
from zinterphase.observe.currents import Currents, currents_of, production
from zinterphase.observe.errors import Estimates
from zinterphase.observe.evaluate import surface_map
from zinterphase.observe.homogeneity import Homogeneity, homogeneity, without_distances
from zinterphase.observe.planes import plane_map
from zinterphase.observe.projection import NO_GRAPH, is_graph, projected_map
from zinterphase.observe.recovery import RecoveredSurface, recovered_surface
from zinterphase.observe.resolution import charge_findings, require_resolved_transport
from zinterphase.observe.saturation import judged
from zinterphase.observe.surface import SurfaceMap, Weight
from zinterphase.observe.tip import tip_to_base
from zinterphase.observe.traces import TraceShare
from zinterphase.observe.transport import Polarisation, polarisation, transference_numbers
from zinterphase.observe.validity import require_measured_range
from zinterphase.observe.voltage import VoltageParts, voltage_parts
from zinterphase.scales import FARADAY
from zinterphase.solve.continuation import Attempt
from zinterphase.solve.problem import Problem


@dataclass(frozen=True)
class Result:
    """A converged, balanced solution reduced to what is asked of it. SI units.

    ``surface`` holds the reacting surface point by point as the elements have it, ``facets`` facet
    by facet as it is reported, ``anode`` the current per projected
    substrate area (None where the surface is no graph), ``outer_face`` the flux through the outer
    face of the films (None without a film), ``counter_surface`` the counter electrode's surface
    where several reactions run on it. ``homogeneity`` is by field as `results.json` names it
    (`observe.keys`), ``tip_to_base`` the current per metal area on the surface's highest over that
    on its lowest part, None where it is flat. ``polarisation`` is the depletion at the surface,
    ``transference_numbers`` the cation's share of the current by layer; None and empty where no
    concentrations are solved. ``trace_share`` is the largest share that acid, base and complexes
    have of a salt's charge, NaN where none are traces. ``potential`` is the working electrode's
    against its equilibrium with the bulk [V], ``charge`` that of the metal's surface against a
    resolved double layer [C], None without one. ``problem`` still holds the unknowns.
    """

    case: Case
    regime: Regime
    quality: MeshQuality
    problem: Problem
    attempts: tuple[Attempt, ...]
    mean_current_density: float
    potential: float
    charge: float | None
    currents: Currents
    voltage: VoltageParts | None
    balances: tuple[Balance, ...]
    surface: SurfaceMap
    facets: RecoveredSurface
    anode: SurfaceMap | None
    outer_face: SurfaceMap | None
    counter_surface: SurfaceMap | None
    polarisation: Polarisation | None
    transference_numbers: dict[str, float]
    homogeneity: dict[str, Homogeneity]
    tip_to_base: float | None = None
    trace_share: float = nan
    seconds: dict[str, float] = field(default_factory=dict)
    errors: Estimates | None = None

    @property
    def mean_ion_flux(self) -> float:
        """Flux of the plated ion per projected area [mol/m2/s], towards the metal positive."""
        ion, cell = self.problem.cell.main_ion, self.problem.cell
        if not self.currents.working:
            return -self.mean_current_density / (cell.bulk.ion(ion).charge * FARADAY)
        made = production(cell.working, self.currents.working, self.currents.working_turns)[ion]
        return -made / (FARADAY * self.problem.projected_area)

    @property
    def headline(self) -> str:
        """The field of the current that evenness is told by."""
        return keys.headline(volumetric=self.volumetric)

    @property
    def volumetric(self) -> bool:
        """Whether pores react, too."""
        return bool(self.problem.working.pores)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is worth knowing: of the case, its mesh and, with estimates, its solution."""
        charge = () if self.errors is None else charge_findings(self.errors)
        return (*self.regime.findings, *mesh_findings(self.case, self.quality), *charge)

    @property
    def limiting_fraction(self) -> float:
        """|mean current density| / limiting current density."""
        return abs(self.mean_current_density) / self.regime.limiting_current


def observed(
    problem: Problem,
    regime: Regime,
    quality: MeshQuality,
    attempts: Sequence[Attempt],
    seconds: dict[str, float],
) -> Result:
    """Reduce a converged problem; collective.

    Raises :class:`BalanceError` when the solution does not conserve charge and mass,
    :class:`SolveError` when it leaves the range of its measured properties, :class:`CaseError` when
    its current is beyond what its level can know.
    """
    require_measured_range(problem)
    share = TraceShare(problem).required()
    currents = currents_of(problem)
    rows = balances(problem, currents)
    require_closed(rows)
    mean = currents.total / problem.projected_area
    require_sensible_current(problem.case, mean)
    require_below_limit(problem.case, regime, mean)
    surface = surface_map(problem)
    regime = judged(regime, problem, surface, mean)
    require_resolved_transport(problem, currents)
    facets = recovered_surface(problem, surface)
    reported = facets.map
    anode = projected_map(problem, reported) if is_graph(problem, surface) else None
    outer, counter = _outer_face(problem), _counter_surface(problem)
    return Result(
        case=problem.case,
        regime=regime,
        quality=quality,
        problem=problem,
        attempts=tuple(attempts),
        mean_current_density=mean,
        potential=problem.potential.value * problem.bulk.thermal_voltage,
        charge=surface_charge(problem),
        currents=currents,
        voltage=voltage_parts(problem, currents),
        balances=tuple(rows),
        surface=surface,
        facets=facets,
        anode=anode,
        outer_face=outer,
        counter_surface=counter,
        polarisation=polarisation(problem, reported),
        transference_numbers=transference_numbers(problem),
        homogeneity=_homogeneity(problem, reported, anode, outer, counter),
        tip_to_base=tip_to_base(reported),
        trace_share=share,
        seconds=seconds,
    )


def _outer_face(problem: Problem) -> SurfaceMap | None:
    """Map of the plane between the last film and the free electrolyte."""
    if len(problem.stack.liquid) < 2:
        return None
    return plane_map(problem, *problem.stack.liquid[-2:])


def _counter_surface(problem: Problem) -> SurfaceMap | None:
    """The counter electrode's surface where its reactions may be spread differently; collective."""
    if problem.counter is None or len(problem.counter.surface.reactions) < 2:
        return None
    return surface_map(problem, problem.counter)


@dataclass(frozen=True)
class _Field:
    """A field of a map, the area it is averaged over, and its unit."""

    chart: SurfaceMap
    name: str
    weight: Weight
    unit: str


def _homogeneity(
    problem: Problem,
    surface: SurfaceMap,
    anode: SurfaceMap | None,
    outer: SurfaceMap | None,
    counter: SurfaceMap | None,
) -> dict[str, Homogeneity]:
    """Metrics by field; where they are taken is part of the name.

    They are taken on the means over facets: within a facet of P1 simplices a resolved double
    layer shows the diagonals of the cells on it, first order in their height.
    """
    case = problem.case
    radius, widths = case.metrics.radius, case.geometry.extents
    plane = "ohp" if case.level == "pnp" else "surface"
    fields: dict[str, _Field] = {}
    if anode is not None:
        fields[keys.CURRENT_DENSITY] = _Field(anode, "current_density", "projected", "A/m^2")
    fields |= {
        keys.CURRENT_DENSITY_TRUE_AREA: _Field(surface, "current_density", "area", "A/m^2"),
        "working.ion_flux": _Field(surface, "ion_flux", "area", "mol/m^2/s"),
        f"working.normal_field_{plane}": _Field(surface, "normal_field", "area", "V/m"),
        **_currents_by_reaction("working", surface),
    }
    if outer is not None:
        fields[keys.ION_FLUX_OUTER_FACE] = _Field(outer, "ion_flux", "area", "mol/m^2/s")

    def metrics(of: Mapping[str, _Field]) -> dict[str, Homogeneity]:
        return {
            key: homogeneity(x.chart.facet_means(x.name), x.name, widths, radius, x.weight, x.unit)
            for key, x in of.items()
        }

    found = metrics(fields)
    if anode is None:
        found = {key: without_distances(values, NO_GRAPH) for key, values in found.items()}
    if counter is not None:
        found |= metrics(_currents_by_reaction("counter", counter))
    return found


def _currents_by_reaction(electrode: str, surface: SurfaceMap) -> dict[str, _Field]:
    """Currents of the reactions on a surface, where there are several."""
    start = "current_density_"
    return {
        keys.reaction_key(electrode, name.removeprefix(start), "current_density_true_area"): _Field(
            surface, name, "area", "A/m^2"
        )
        for name in surface.values
        if name.startswith(start)
    }
