"""The numbers of a state on its way through time."""

from collections.abc import Mapping
from dataclasses import asdict, fields

import numpy as np
import numpy.typing as npt

from zinterphase.errors import BalanceError
from zinterphase.march.point import Point
from zinterphase.march.sample import Sample
from zinterphase.march.stepper import CURRENT
from zinterphase.observe.balance import TOLERANCE, Balance
from zinterphase.observe.deposit import DepositMap, FirstFacets, SurfaceGrowth
from zinterphase.observe.evaluate import surface_map
from zinterphase.observe.front_course import front_course
from zinterphase.observe.ion_account import IonAccount
from zinterphase.observe.projection import is_graph
from zinterphase.observe.reaction_course import (
    HYDROGEN,
    ReactionCourse,
    beside,
    isolated_rate,
    of,
    of_metal,
    taken_rate,
)
from zinterphase.observe.solids import SolidCourse
from zinterphase.observe.voltage_course import VoltageCourse
from zinterphase.observe.wall_states import WallStates
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.problem import Problem

Array = npt.NDArray[np.float64]
VANISHES = 1e-3
"""Mean of a map over its largest value below which its coefficient of variation means nothing."""
ROUNDING = 2e-15
"""Of the ions' charge over that which they hold."""
THROUGHPUT = "throughput"
"""Integral of |I|, or of the exchange current where that is larger [C], against which balances in
time are judged: at rest, too, currents pass between the parts of a surface."""


class Probe:
    """Evaluates what belongs to every step of time; compiled once, everything collective."""

    def __init__(self, problem: Problem) -> None:
        """The problem is at its initial state."""
        self.problem = problem
        self.graph = is_graph(problem, surface_map(problem))
        self.deposits = {
            e.name: DepositMap(problem, e, graph=self.graph) for e in problem.electrodes
        }
        self.walls = {
            e.name: WallStates(problem, e, self.deposits[e.name]) for e in problem.electrodes
        }
        self._course = ReactionCourse(problem)
        exchange = problem.cell.working.surface.exchange_current_density
        self._exchange = exchange * problem.projected_area
        self._ions = IonAccount(problem)
        self._voltage = VoltageCourse(problem)
        self._solids = SolidCourse(problem)
        self.front = front_course(problem)
        self._growth: dict[str, SurfaceGrowth] = {}
        assert problem.storage is not None
        self._initial_charges = problem.storage.amounts().charges
        self._follow_initial()

    def _follow_initial(self) -> None:
        charges = self.problem.bulk.charges
        held = sum(abs(charges[ion]) * size for ion, size in self._ions.initial.items())
        self._rounded = ROUNDING / TOLERANCE * held

    def origins(self) -> dict[str, Array]:
        """What it counts from, as it was on the first mesh of a front, by names."""
        found = {f"ion/{ion}": np.array([held]) for ion, held in self._ions.initial.items()}
        found |= {f"charge/{n}": np.array([held]) for n, held in self._initial_charges.items()}
        for name, deposit in self.deposits.items():
            found |= {f"{kind}/{name}": each for kind, each in vars(deposit.first).items()}
        found["graph"] = np.array([float(self.graph)])
        return {**found, "relief": self.front.first_relief().corners}

    def recall(self, origins: Mapping[str, Array]) -> None:
        """Count from what :meth:`origins` of an earlier mesh were."""
        self._ions.initial = {ion: float(origins[f"ion/{ion}"][0]) for ion in self._ions.initial}
        charges = self._initial_charges
        self._initial_charges = {name: float(origins[f"charge/{name}"][0]) for name in charges}
        for name, deposit in self.deposits.items():
            kinds = (f.name for f in fields(FirstFacets))
            deposit.recall(FirstFacets(*(origins[f"{kind}/{name}"] for kind in kinds)))
        self.graph = bool(origins["graph"][0])
        self.front.recall(origins["relief"])
        self._growth = {name: deposit.now() for name, deposit in self.deposits.items()}
        self._follow_initial()

    def rates(self) -> Mapping[str, Array]:
        """What is integrated in time, at the present state: the terminal's current and its size,
        currents of each electrode's reactions [A], what reactions and the reservoir give of each
        ion [A], hydrogen [mol/s], the deposits' growth [m/s], what hosts take up and what of the
        metal loses contact [A]."""
        problem = self.problem
        current = problem.terminal_current
        self._growth = {name: deposit.now() for name, deposit in self.deposits.items()}
        self._course.follow()
        return {
            CURRENT: np.array([current]),
            THROUGHPUT: np.array([max(abs(current), self._exchange)]),
            **self._ions.rates(self._course.reactions, self._course.turns),
            **self._course.rates(),
            **{f"deposit {name}": growth.rate for name, growth in self._growth.items()},
            **self._alloyed(),
        }

    def _alloyed(self) -> dict[str, Array]:
        found: dict[str, Array] = {}
        for name, walls in self.walls.items():
            found |= walls.rates(self._course.reactions[name])
        return found

    def sample(self, point: Point) -> Sample:
        """Of the state that :meth:`rates` saw last, which is the point's."""
        problem = self.problem
        area = problem.projected_area
        current = float(point.rates[CURRENT][0])
        ohms = problem.case.terminal.series_resistance / area
        growth = self._growth[problem.working.name]
        deposit = self.deposits[problem.working.name]
        thickness = point.sums[f"deposit {problem.working.name}"]
        mean, cv = mean_and_cv(thickness, deposit.area)
        return Sample(
            time=point.time,
            voltage=point.state.scalars["potential"] * problem.bulk.thermal_voltage
            + problem.cell.voltage_at_gauge
            + ohms * current,
            current=current / area,
            charge=float(point.sums[CURRENT][0]) / area,
            thickness=mean,
            thickness_min=float(thickness.min()),
            thickness_max=float(thickness.max()),
            thickness_cv=cv,
            thickness_error=self._missed(point),
            current_cv=mean_and_cv(growth.current_density, deposit.area)[1],
            concentration_working=growth.least_concentration,
            concentration_counter=(
                np.nan
                if problem.counter is None
                else self._growth[problem.counter.name].least_concentration
            ),
            **self._shares(current),
            metal_charge=of_metal(problem.working, point.sums) / area,
            side_charge=beside(problem.working, point.sums) / area,
            layer_charge=self._moved(point, problem.working) / area,
            side_current=beside(problem.working, point.rates) / area,
            dissolved=float(point.sums[taken_rate(problem.working.name)][0]) / area,
            isolated=float(point.sums[isolated_rate(problem.working.name)][0]) / area,
            hydrogen=float(point.sums[HYDROGEN][0]) / area,
            coverage=self.walls[problem.working.name].coverage(point.stored),
            alloyed=self.walls[problem.working.name].alloyed(point.stored),
            hosted=self.walls[problem.working.name].hosted(point.sums),
            nuclei=self.walls[problem.working.name].nuclei(point.stored),
            **self._solids.now(),
            **self.front.now(),
            mismatch=max((b.mismatch for b in self.balances(point)), default=0.0),
        )

    def _missed(self, point: Point) -> float:
        """Estimated error of time of the thickness, anywhere [m]: of its integral, and with that of
        the charge that passed."""
        name, area = self.problem.working.name, self.problem.projected_area
        own = point.missed[f"deposit {name}"]
        charge = float(point.missed[CURRENT][0]) / area
        return float(np.abs(own - self.deposits[name].volume * charge).max())

    def _shares(self, current: float) -> dict[str, float]:
        shares = self._voltage.now(current)
        return {} if shares is None else asdict(shares)

    def amounts(self) -> dict[str, float]:
        """F times the amount of each conserved ion in liquid and solids [A s], with what is in
        those that form from it at a finite rate."""
        return self._ions.amounts()

    def balances(self, point: Point) -> list[Balance]:
        """What has come since t = 0 against what is held more, at the point's state.

        Charge compares what the terminal passed with reactions and charge of each metal; ions
        compare integrals of the kinetic laws and of what the reservoir gives with the amounts in
        the liquid; the deposit compares the map with the integral of the metal's own law.
        """
        problem, area = self.problem, self.problem.projected_area
        throughput = float(point.sums[THROUGHPUT][0])
        floor = problem.cell.working.surface.kinetics.stern_capacitance
        scale = max(throughput, 1e-6 * floor * problem.bulk.thermal_voltage * area)
        # What the counter electrode takes up comes by way of the liquid, neutral but for rounding.
        found = [
            Balance(
                f"charge {e.name}",
                self._passed(point, e),
                self._taken_up(point, e),
                scale if e is problem.working else max(scale, self._rounded),
                "C",
            )
            for e in problem.electrodes
        ]
        found += self._ions.balances(point.sums, lambda ion: self._charged(point, ion), scale)
        for electrode in problem.electrodes:
            whole = of(electrode, point.sums, (electrode.parts.surface.main.name,))
            whole += float(point.sums[taken_rate(electrode.name)][0])
            whole += float(point.sums[isolated_rate(electrode.name)][0])
            deposit = self.deposits[electrode.name]
            grown = point.sums[f"deposit {electrode.name}"]
            if self.graph and not np.isnan(grown).any():
                mapped = float(np.dot(grown, deposit.area)) / deposit.volume
                found.append(Balance(f"deposit {electrode.name}", -whole, mapped, scale, "C"))
            found += self.walls[electrode.name].balances(point.sums, point.stored, scale)
            found += self.front.balances(electrode.name, whole, deposit.volume, scale)
        return found

    def require_closed(self, sample: Sample, point: Point) -> None:
        """Raise :class:`BalanceError` where a balance of the point, of which ``sample`` is, is
        open."""
        if sample.mismatch <= TOLERANCE:
            return
        worst = max(self.balances(point), key=lambda b: b.mismatch)
        raise BalanceError(
            f"balance '{worst.name}' is open at t = {sample.time:.6g} s: {worst.left:.9g} "
            f"{worst.unit} against {worst.right:.9g} {worst.unit}, {worst.mismatch:.1e} of its "
            f"scale, allowed {TOLERANCE:.0e}"
        )

    # -- details --------------------------------------------------------------------------

    def _passed(self, point: Point, electrode: Electrode) -> float:
        """Charge that has gone into an electrode from outside [C]."""
        passed = float(point.sums[CURRENT][0])
        return passed if electrode is self.problem.working else -passed

    def _taken_up(self, point: Point, electrode: Electrode) -> float:
        """Charge that reactions and the metal of an electrode have taken up since t = 0 [C]."""
        reacted = of_metal(electrode, point.sums) + beside(electrode, point.sums)
        return reacted + self._moved(point, electrode)

    def _moved(self, point: Point, electrode: Electrode) -> float:
        """Charge that has gone onto a metal's side of its double layers since t = 0 [C]."""
        return point.stored.charges[electrode.name] - self._initial_charges[electrode.name]

    def _charged(self, point: Point, ion: str) -> float:
        """F times what lumped double layers have given of an ion since t = 0 [A s]."""
        given = 0.0
        for electrode in self.problem.electrodes:
            lumped = electrode.surface.lumped
            if lumped is None or lumped.ion != ion or self.problem.level.has_double_layer:
                continue
            given += self._moved(point, electrode) / lumped.ion_charge
        return given


def mean_and_cv(values: Array, area: Array) -> tuple[float, float]:
    """Weighted by area; a map whose mean vanishes against its values has no variation to tell."""
    mean = float(np.average(values, weights=area))
    spread = float(np.sqrt(np.average((values - mean) ** 2, weights=area)))
    vanishes = abs(mean) <= VANISHES * float(np.abs(values).max())
    return mean, np.nan if vanishes else spread / abs(mean)
