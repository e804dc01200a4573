"""What anodes are compared by: the current of steady runs, the deposit of runs in time."""

from dataclasses import dataclass

from zinterphase.observe import keys
from zinterphase.output.plotstyle import CURRENT_DENSITY, AxisQuantity


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
    """

    drawn: str
    axis: AxisQuantity
    name: str
    caption: str
    current: str


STEADY = Subject(
    drawn="current_density",
    axis=CURRENT_DENSITY,
    name="current density",
    caption="Current density per projected area",
    current="mean",
)
DEPOSIT = Subject(
    drawn="thickness",
    axis=AxisQuantity("Deposit thickness", "µm", 1e6),
    name="deposit's thickness",
    caption="Thickness of the deposit after the last step that plates, per projected area,",
    current="largest",
)


def subject_of(headline: str) -> Subject:
    """What a comparison by the field ``headline`` is about."""
    return DEPOSIT if headline == keys.DEPOSIT_THICKNESS else STEADY
