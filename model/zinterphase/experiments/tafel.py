"""Corrosion current by Tafel extrapolation, and the rate at which the metal really corrodes."""

from math import nan

import numpy as np

from zinterphase.experiments.branches import TafelLine, longest_step, outwards, tafel_line
from zinterphase.experiments.course import Course, joined
from zinterphase.experiments.experiment import (
    MAGNITUDE,
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
from zinterphase.observe.quantity import Quantity

NO_LINE = "not defined: too few points in the fit window; widen fit_from to fit_to, or window"
FAINT = 1e-5
"""Part of the largest current below which a logarithmic axis shows rounding."""
AGREE = 0.1
"""Relative difference below which extrapolation and true rate are said to agree."""


def blocks(values: Values, rest_voltage: float) -> Blocks:
    """Slow sweeps from open circuit down and up."""
    return outwards(rest_voltage, values["window"], values["rate"], values["largest"])


def reduce(course: Course, values: Values) -> Reduced:
    """Lines through log|i| in the fit window, where they meet, and partial currents at E_corr."""
    resting, *_ = course.visits()
    course = course.about(float(resting["voltage"][-1]))
    resting, down, _, up = course.visits()
    window = (values["fit_from"], values["fit_to"])
    cathodic, anodic = (tafel_line(branch, window) for branch in (down, up))
    met = crossing(cathodic, anodic)
    rate = abs(float(resting.side_current[-1]))
    share = side_share(down, window)
    at_rest = nan if cathodic is None else float(cathodic.at(0.0))
    return Reduced(
        {
            "corrosion_potential": quantity(course.facts["rest_voltage"], "V"),
            "corrosion_current.extrapolated": quantity(met, "A/m^2", NO_LINE),
            "corrosion_current.cathodic_line": quantity(at_rest, "A/m^2", NO_LINE),
            "corrosion_rate": quantity(rate, "A/m^2"),
            "tafel_slope.cathodic": _slope(cathodic),
            "tafel_slope.anodic": _slope(anodic),
            "side_share.cathodic_window": quantity(share, "1"),
            "exchange_current_density": quantity(course.facts["exchange_current_density"], "A/m^2"),
        },
        (*_lines(joined([down, up]), course), *_fits(course, cathodic, anodic, window)),
        why(course, met, rate, share),
    )


def crossing(cathodic: TafelLine | None, anodic: TafelLine | None) -> float:
    """Current where the two lines meet [A/m2]; NaN where one is missing."""
    return nan if cathodic is None or anodic is None else cathodic.meets(anodic)[1]


def side_share(branch: Course, window: tuple[float, float]) -> float:
    """Part of the current in the fit window that is not of the metal's own reaction."""
    eta = np.abs(branch["voltage"] - branch.facts["rest_voltage"])
    inside = (eta >= window[0]) & (eta <= window[1])
    total = float(np.sum(branch["current"][inside]))
    return float(np.sum(branch.side_current[inside])) / total if total else nan


def why(course: Course, extrapolated: float, rate: float, share: float) -> str:
    """What the extrapolated current is, and why it is not the rate of corrosion."""
    exchange = 100.0 * course.facts["exchange_current_density"]
    if not rate:
        return (
            "one reaction: nothing corrodes, the lines meet at its exchange current, "
            f"{exchange:.4g} uA/cm2"
        )
    names = ", ".join(course.others) or "chemical steps"
    true = f"{names} at E_corr: {100.0 * rate:.4g} uA/cm2 is the true corrosion rate"
    if not np.isfinite(extrapolated):
        return true
    if abs(extrapolated - rate) <= AGREE * rate:
        return f"{true}, and extrapolation finds it"
    text = f"{true}; extrapolation gives {extrapolated / rate:.3g} times as much, for in its window"
    if share < 0.5:
        return (
            f"{text} {1.0 - share:.3g} of the cathodic current is deposition, whose exchange "
            f"current is {exchange:.4g} uA/cm2"
        )
    return f"{text} {names}, {share:.3g} of the cathodic current, does not follow a straight line"


def _slope(line: TafelLine | None) -> Quantity:
    """A magnitude [V per decade]."""
    return quantity(nan if line is None else abs(line.slope), "V", NO_LINE)


def _lines(sweeps: Course, course: Course) -> tuple[Curve, ...]:
    """By growing potential."""
    order = np.argsort(sweeps["voltage"], kind="stable")
    potential = sweeps["voltage"][order]
    shown = [("total", sweeps["current"])]
    if course.others:
        shown.append(("side reactions", sweeps.side_current))
    return tuple(
        Curve(name, potential[seen], np.abs(current[order][seen]))
        for name, current in shown
        if (seen := np.abs(current[order]) > FAINT * np.abs(current).max()).any()
    )


def _fits(
    course: Course,
    cathodic: TafelLine | None,
    anodic: TafelLine | None,
    window: tuple[float, float],
) -> tuple[Curve, ...]:
    rest = course.facts["rest_voltage"]
    meet = 0.0 if cathodic is None or anodic is None else cathodic.meets(anodic)[0]
    meet = meet if abs(meet) < window[1] else 0.0
    ends = ((cathodic, np.array([-window[1], meet])), (anodic, np.array([meet, window[1]])))
    return tuple(
        Curve("total", rest + eta, line.at(eta), guide=True)
        for line, eta in ends
        if line is not None
    )


EXPERIMENT = Experiment(
    name="tafel",
    what="Tafel plot about the corrosion potential: extrapolated current against the true rate",
    measure=InTime(blocks, longest_step),
    parameters=(
        Parameter("window", "120 mV", "V", "how far the sweeps go from open circuit"),
        Parameter("rate", "1 mV/s", "V/s", "of the sweeps"),
        Parameter("largest", "50 mA/cm^2", "A/m^2", "current density at which a sweep ends"),
        Parameter("fit_from", "40 mV", "V", "least overpotential in the fits"),
        Parameter("fit_to", "80 mV", "V", "largest overpotential in the fits"),
    ),
    reduce=reduce,
    panels=(Panel("total", POTENTIAL, MAGNITUDE), Panel("side reactions", POTENTIAL, SIDE)),
    headline=("corrosion_current.extrapolated", "corrosion current by extrapolation"),
    source="ASTM G3 and G102; Stern and Geary, J. Electrochem. Soc. 104 (1957) 56",
    needs=("hydrogen",),
)
