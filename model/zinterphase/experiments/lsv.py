"""Linear sweep far below open circuit: where hydrogen, or another side reaction, sets in."""

from math import nan

import numpy as np

from zinterphase.experiments.branches import longest_step, sweep
from zinterphase.experiments.course import Course
from zinterphase.experiments.experiment import (
    CURRENT,
    POTENTIAL,
    SIDE,
    Blocks,
    Curve,
    Experiment,
    InTime,
    Panel,
    Reduced,
    quantity,
)
from zinterphase.experiments.parameters import Parameter, Values

ONE_REACTION = "not defined: the case has one reaction on the metal"


def blocks(values: Values, rest_voltage: float) -> Blocks:
    """One sweep from open circuit downwards."""
    end = rest_voltage - values["window"]
    return [
        {
            "label": "sweep",
            "steps": [sweep(rest_voltage, end, values["rate"], values["largest"])],
        }
    ]


def reduce(course: Course, values: Values) -> Reduced:
    """Onset: where the side reactions' partial current reaches the one asked for."""
    down, rest = course.visit(0), course.facts["rest_voltage"]
    onset = onset_potential(down, values["onset"])
    reason = _reason(down, values["onset"])
    total, side = float(down["current"][-1]), float(down.side_current[-1])
    lines = [Curve("total", down["voltage"], down["current"])]
    if course.others:
        seen = np.abs(down.side_current) > 0.0
        side_size = np.abs(down.side_current[seen])
        lines.append(Curve("side reactions", down["voltage"][seen], side_size))
    return Reduced(
        {
            "onset_potential": quantity(onset, "V", reason),
            "onset_overpotential": quantity(onset - rest, "V", reason),
            "end_potential": quantity(float(down["voltage"][-1]), "V"),
            "end_current": quantity(total, "A/m^2"),
            "end_side_current": quantity(side, "A/m^2"),
            "end_side_share": quantity(side / total if total else nan, "1"),
        },
        tuple(lines),
        _why(down, onset, reason),
    )


def onset_potential(branch: Course, onset: float) -> float:
    """Potential where |i| of the side reactions first reaches ``onset`` [A/m2], on the straight
    line in log|i| between two rows; NaN where it does not."""
    size, voltage = np.abs(branch.side_current), branch["voltage"]
    reached = np.flatnonzero(size >= onset)
    if not len(reached):
        return nan
    k = int(reached[0])
    if k == 0 or size[k - 1] <= 0.0:
        return float(voltage[k])
    ends = np.log(size[k - 1 : k + 1])
    return float(np.interp(np.log(onset), ends, voltage[k - 1 : k + 1]))


def _reason(branch: Course, onset: float) -> str:
    if not branch.others:
        return ONE_REACTION
    largest = 0.1 * float(np.abs(branch.side_current).max())
    return (
        f"not defined: {', '.join(branch.others)} reached {largest:.3g} mA/cm2 at "
        f"{branch['voltage'][-1]:.4g} V, below {0.1 * onset:.3g} mA/cm2"
    )


def _why(branch: Course, onset: float, reason: str) -> str:
    if np.isnan(onset):
        return reason.removeprefix("not defined: ")
    if onset == branch["voltage"][0]:
        return f"{', '.join(branch.others)} passes more than that at open circuit already"
    return ""


EXPERIMENT = Experiment(
    name="lsv",
    what="linear sweep below open circuit: onset of hydrogen or another side reaction",
    measure=InTime(blocks, longest_step),
    parameters=(
        Parameter("window", "500 mV", "V", "how far the sweep goes below open circuit"),
        Parameter("rate", "5 mV/s", "V/s", "of the sweep"),
        Parameter("largest", "200 mA/cm^2", "A/m^2", "total current density that ends the sweep"),
        Parameter("onset", "1 mA/cm^2", "A/m^2", "partial current density that is called onset"),
    ),
    reduce=reduce,
    panels=(Panel("total", POTENTIAL, CURRENT), Panel("side reactions", POTENTIAL, SIDE)),
    headline=("onset_potential", "onset of side reactions"),
    needs=("hydrogen",),
)
