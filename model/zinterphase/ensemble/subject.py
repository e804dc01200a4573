"""What anodes are told apart by: the current of steady runs, corrosion at open circuit, the deposit
of runs in time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from zinterphase.case import Case
from zinterphase.observe import keys
from zinterphase.output.figures import CURRENT_DENSITY, AxisQuantity, number
from zinterphase.units import milliampere


@dataclass(frozen=True)
class Subject:
    """What tables and figures say of a field.

    Attributes
    ----------
    drawn : Field of the stored maps whose profile is drawn.
    axis : How it appears on an axis.
    name : In titles of tables.
    caption : In a figure's caption.
    current : Which current density of the run is told.
    field : Key of the field whose evenness is told, and changed by mechanisms and parameters.
    voltages : Keys of the voltages that are told beside it, by what they are called.
    others : Keys of other numbers that are, where they are defined.
    rate : Key of the number that is told in place of how even the field is.
    """

    drawn: str
    axis: AxisQuantity
    name: str
    caption: str
    current: str
    field: str
    voltages: Mapping[str, str]
    others: Mapping[str, str]
    rate: str | None = None

    @property
    def headline(self) -> str:
        """Key of the number that anodes are told apart by: unevenness, or the rate."""
        return self.rate or self.cv

    @property
    def evenness_of(self) -> str:
        """What it is of, and per which area."""
        return f"{self.name} per {keys.AREAS[self.field]}"

    @property
    def cv(self) -> str:
        """Key of the field's coefficient of variation."""
        return f"{self.field}.cv"

    @property
    def max_over_mean(self) -> str:
        """Key of the field's largest value over its mean."""
        return f"{self.field}.max_over_mean"

    def at(self, current: float) -> str:
        """A run by its current density [A/m2], for people."""
        return self._told(milliampere(current))

    def title(self, current: float) -> str:
        """The same over a panel of a figure."""
        return self._told(f"{number(0.1 * current)} mA cm$^{{-2}}$")

    def _told(self, current: str) -> str:
        if self.rate is not None:
            return OPEN_CIRCUIT
        return current if self.current == MEAN else f"{self.current} current {current}"


MEAN = "mean"
OPEN_CIRCUIT = "open circuit"


STEADY = Subject(
    drawn="current_density",
    axis=CURRENT_DENSITY,
    name="current density",
    caption="Current density per projected area",
    current=MEAN,
    field=keys.CURRENT_DENSITY,
    voltages={"electrode potential": keys.POTENTIAL},
    others={},
)
CORROSION = replace(
    STEADY,
    name="corrosion at open circuit",
    voltages={"corrosion potential": keys.POTENTIAL},
    rate=keys.CORROSION,
)
DEPOSIT = Subject(
    drawn="thickness",
    axis=AxisQuantity("Deposit thickness", "µm", 1e6),
    name="deposit's thickness",
    caption="Thickness of the deposit after the last step that plates, per projected area,",
    current="largest",
    field=keys.DEPOSIT_THICKNESS,
    voltages={"mean plating voltage": keys.PLATING_VOLTAGE, "hysteresis": keys.HYSTERESIS},
    others={
        "nucleation overpotential": keys.NUCLEATION,
        "coverage time": keys.COVERAGE_TIME,
        "Coulombic efficiency": keys.EFFICIENCY,
        "corrosion at rest": keys.LOST_RESTING,
        "hydrogen": keys.HYDROGEN_OF_CYCLE,
    },
)


def subject_of_case(case: Case) -> Subject:
    """What a study of a case is about."""
    if case.protocol:
        return DEPOSIT
    return CORROSION if corrodes(case) and case.control.current_density == 0.0 else STEADY


def corrodes(case: Case) -> bool:
    """Whether irreversible reductions take electrons from a layer's metal, or chemical steps take
    it."""
    return any(
        any(rate.only_reduces for rate in kinetics.rates.values())
        or any(step.takes_metal for step in kinetics.steps.values())
        for kinetics in case.kinetics.values()
    )


def subject_of(headline: str) -> Subject:
    """What a comparison by the field ``headline`` is about."""
    return DEPOSIT if headline == keys.DEPOSIT_THICKNESS else replace(STEADY, field=headline)
