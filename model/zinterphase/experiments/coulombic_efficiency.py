"""Average Coulombic efficiency by a reservoir of plated metal."""

from zinterphase.errors import SolveError
from zinterphase.experiments import sentences
from zinterphase.experiments.course import Course
from zinterphase.experiments.experiment import (
    CAPACITY,
    TIME,
    VOLTAGE,
    Blocks,
    Curve,
    Experiment,
    InTime,
    Panel,
    Reduced,
    quantity,
)
from zinterphase.experiments.halves import galvanostatic
from zinterphase.experiments.parameters import CUTOFF, PLATING_CURRENT, Parameter, Values


def blocks(values: Values, rest_voltage: float) -> Blocks:
    """Plate a reservoir, strip and plate parts of it, then strip until nothing of it is left."""
    current, part = values["current"], sentences.passed(values["capacity"])
    cutoff = rest_voltage + values["cutoff"]
    emptied = sentences.emptied("thickness_total", values["reservoir"], current, cutoff)
    return [
        {
            "label": "reservoir",
            "steps": [sentences.plate(current, sentences.passed(values["reservoir"]))],
        },
        {
            "label": "cycling",
            "repeat": values.count("cycles"),
            "steps": [sentences.strip(current, part), sentences.plate(current, part)],
        },
        {"label": "stripping", "steps": [sentences.strip(current, emptied)]},
    ]


def reduce(course: Course, values: Values) -> Reduced:
    """CE = (n Q_cycle + Q_strip)/(n Q_cycle + Q_reservoir)."""
    first, *between, last = _steps(course)
    cycled = sum(step.passed for step in between if step.passed > 0.0)
    plated = -first.passed - sum(step.passed for step in between if step.passed < 0.0)
    stripped = cycled + last.passed
    side = -float(course.side_charge[-1] - course.side_charge[0])
    return Reduced(
        {
            "coulombic_efficiency": quantity(stripped / plated, "1"),
            "plated": quantity(plated, "C/m^2"),
            "stripped": quantity(stripped, "C/m^2"),
            "last_stripping": quantity(last.passed, "C/m^2"),
            "side_reactions": quantity(side, "C/m^2"),
        },
        (
            Curve("voltage", course["time"], course["voltage"]),
            Curve("last stripping", last.capacity, last["voltage"]),
        ),
        _why(course, plated - stripped, side),
    )


def _steps(course: Course) -> list[Course]:
    """The reservoir, the partial cycles, the last stripping. Raises :class:`SolveError`."""
    found = galvanostatic(course)
    if len(found) < 2 or found[0].passed >= 0.0 or found[-1].passed <= 0.0:
        raise SolveError("no efficiency: no reservoir was plated, or nothing of it was stripped")
    return found


def _why(course: Course, lost: float, side: float) -> str:
    if not course.others:
        return "the case has one reaction on the metal, which gives back all it has taken"
    names = ", ".join(course.others)
    if lost <= 0.0:
        return f"nothing is missing, whatever {names} took"
    return f"{names} took {side / lost:.3g} of the charge that was not given back"


EXPERIMENT = Experiment(
    name="coulombic_efficiency",
    what="average Coulombic efficiency: a plated reservoir, partial cycles, stripped to the end",
    measure=InTime(blocks),
    parameters=(
        PLATING_CURRENT,
        Parameter("reservoir", "2 mAh/cm^2", "C/m^2", "charge plated first"),
        Parameter("capacity", "1 mAh/cm^2", "C/m^2", "charge of each half-cycle"),
        Parameter("cycles", "3", "1", "number of partial cycles", least=1),
        CUTOFF,
    ),
    reduce=reduce,
    panels=(Panel("voltage", TIME, VOLTAGE), Panel("last stripping", CAPACITY, VOLTAGE)),
    headline=("coulombic_efficiency", "average Coulombic efficiency"),
    source="Adams et al. 2018, 10.1002/aenm.201702097; Ma et al. 2021, 10.1002/eem2.12077",
    needs=("hydrogen", "host"),
)
