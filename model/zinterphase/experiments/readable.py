"""Units in which people read the numbers of experiments, and the sentences that tell them."""

from collections.abc import Iterator

from zinterphase.experiments.measured import Distance, Measured
from zinterphase.experiments.outcome import Outcome
from zinterphase.observe.statistics import Interval

SHOWN = {
    "V": ("mV", 1e3),
    "A/m^2": ("mA/cm^2", 0.1),
    "C/m^2": ("mAh/cm^2", 1 / 36e3),
    "ohm m^2": ("ohm cm^2", 1e4),
    "m": ("um", 1e6),
    "1/s": ("1/h", 3600.0),
}


def readable(unit: str) -> tuple[str, float]:
    """The unit for people, and its factor."""
    return SHOWN.get(unit, (unit, 1.0))


def sentences(outcome: Outcome) -> Iterator[str]:
    """What an experiment has found: its main number of every anode, and what explains it."""
    name, called = outcome.experiment.headline
    unit, factor = readable(outcome.quantities.get(name, "1"))
    told = [f"{a.label} {_told(a.interval(name), unit, factor)}" for a in outcome.anodes]
    yield f"{outcome.experiment.name}: {called}: {', '.join(told)}."
    remarks: dict[str, list[str]] = {}
    for anode in outcome.anodes:
        if anode.drawn is not None and anode.drawn.remark:
            remarks.setdefault(anode.drawn.remark, []).append(anode.label)
    for remark, labels in remarks.items():
        yield f"  {', '.join(labels)}: {remark}."


def additions(outcome: Outcome) -> Iterator[str]:
    """What cases had nothing of and the experiment asks about."""
    found: dict[str, list[str]] = {}
    for anode in outcome.anodes:
        for text in anode.setup.added:
            found.setdefault(text, []).append(anode.label)
    for text, labels in found.items():
        whole = len(labels) == len(outcome.anodes) > 1
        yield f"{'All anodes' if whole else ', '.join(labels)}: with {text}; --as-is leaves it out."


def _told(interval: Interval, unit: str, factor: float) -> str:
    if interval.value is None:
        return "not defined"
    text = f"{factor * interval.value:.4g}"
    if interval.low is not None and interval.high is not None:
        text += f" [{factor * interval.low:.4g}, {factor * interval.high:.4g}]"
    return text if unit == "1" else f"{text} {unit}"


def distance_sentence(label: str, measured: Measured, found: Distance) -> str:
    """How far measured data are from an anode's curve."""
    unit, factor = readable(found.unit)
    off, most = factor * found.root_mean_square, factor * found.largest
    text = (
        f"{label}: {measured.name} is off by {off:.4g} {unit} (root mean square), "
        f"{most:.4g} {unit} at most, over {found.points} points"
    )
    return f"{text}; {found.outside} lie outside the curve." if found.outside else f"{text}."
