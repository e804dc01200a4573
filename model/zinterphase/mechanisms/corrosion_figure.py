"""Figure of corrosion: what each mechanism makes of it at open circuit, and what plating costs."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from zinterphase.mechanisms.design import Combination
from zinterphase.mechanisms.effects import Decision, EffectRow
from zinterphase.mechanisms.sentences import micro
from zinterphase.mechanisms.study import Mechanisms
from zinterphase.observe import keys
from zinterphase.observe.statistics import CONFIDENCE, Interval
from zinterphase.output.figures import number
from zinterphase.output.plotstyle import (
    COLOURS,
    LINE_HEIGHT,
    TEXT_SIZE,
    TICK_SIZE,
    dress,
    wrapped,
    write_caption,
)

WIDTH = 7.2
ROW = 0.27
"""Height of a mechanism [inch]."""
LABELS = 1.35
"""Room for the names of the mechanisms at the left [inch]."""
ABOVE, AXIS = 0.35, 0.5
SHARE = 0.62
"""Of the width that corrosion has beside its cost."""
COLOUR: dict[Decision | None, str] = {
    "positive": COLOURS[2],
    "negative": COLOURS[5],
    "none": COLOURS[0],
    None: COLOURS[0],
}
"""By outcome; blue lowers corrosion, red makes it worse. What is not decided is grey."""
GREY = "#8a8a8a"


def corrosion_figure(study: Mechanisms) -> Figure:
    """Corrosion of the base, of each mechanism alone and of all together; beside it by how much
    the potential of plating changes, where a current is imposed as well."""
    plan = study.plan
    alone = ((switch.name,) for switch in plan.switches)
    shown: list[Combination] = list(dict.fromkeys([(), *alone, plan.design.together]))
    plating = [i for i in plan.currents if plan.subject_at(i).rate is None]
    text = wrapped(_caption(study, plating), WIDTH)
    below = AXIS + LINE_HEIGHT * (text.count("\n") + 1)
    tall = ROW * len(shown)
    height = below + tall + ABOVE
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    width = WIDTH - LABELS - 0.25
    first = width * (SHARE if plating else 1.0) - 0.15
    axes = figure.add_axes((LABELS / WIDTH, below / height, first / WIDTH, tall / height))
    _corrosion(axes, [study.by_key[_open(study), c, keys.CORROSION] for c in shown])
    axes.set_yticks(range(len(shown)), [_name(study, c) for c in shown])
    dress(axes, "a", "open circuit")
    if plating:
        left = LABELS + width * SHARE + 0.15
        box = (left / WIDTH, below / height, (width * (1 - SHARE) - 0.15) / WIDTH, tall / height)
        beside = figure.add_axes(box)
        _cost(beside, [study.by_key[plating[0], c, keys.POTENTIAL] for c in shown])
        beside.set_yticks(range(len(shown)), [])
        dress(beside, "b", plan.subject_at(plating[0]).title(plating[0]))
    write_caption(figure, text)
    return figure


def _name(study: Mechanisms, combination: Combination) -> str:
    """Short enough for the room at the left."""
    return "all together" if len(combination) > 1 else study.plan.design.label(combination)


def _open(study: Mechanisms) -> float:
    return next(i for i in study.plan.currents if study.plan.subject_at(i).rate is not None)


def _corrosion(axes: Axes, rows: list[EffectRow]) -> None:
    base = rows[0].mean.value
    for place, row in enumerate(rows):
        mean = micro(row.mean)
        if mean.value is None:
            continue
        outcome = None if row.effect is None else row.effect.outcome
        colour = COLOUR.get(outcome, GREY)
        axes.errorbar(
            mean.value, place, xerr=_ends(mean), fmt="o", color=colour, markersize=4.5,
            elinewidth=1.2, capsize=2.5,
        )  # fmt: skip
        axes.annotate(
            _ratio(row), (mean.value, place), xytext=(0, 5), textcoords="offset points",
            ha="center", fontsize=TICK_SIZE - 1, color=colour,
        )  # fmt: skip
    if base is not None:
        axes.axvline(100.0 * base, color="black", linewidth=0.6, linestyle=":")
    axes.set_xscale("log")
    axes.margins(x=0.16)
    _rows_downwards(axes, len(rows))
    axes.set_xlabel("Corrosion current density (µA cm$^{-2}$)")


def _cost(axes: Axes, rows: list[EffectRow]) -> None:
    for place, row in enumerate(rows):
        interval = None if row.effect is None else row.effect.interval
        if interval is None or interval.value is None:
            continue
        errors = _ends(interval, 1e3)
        axes.barh(
            place, 1e3 * interval.value, height=0.5, color=GREY, xerr=errors,
            error_kw={"elinewidth": 1.0, "capsize": 2.0},
        )  # fmt: skip
    axes.axvline(0.0, color="black", linewidth=0.6)
    _rows_downwards(axes, len(rows))
    axes.set_xlabel("Potential, against the base (mV)", fontsize=TEXT_SIZE)


def _rows_downwards(axes: Axes, count: int) -> None:
    axes.set_ylim(count - 0.5, -0.7)
    axes.tick_params(axis="y", length=0.0)


def _ratio(row: EffectRow) -> str:
    """How many times the base."""
    if row.effect is None or row.effect.interval.value is None:
        return ""
    return f"\N{MULTIPLICATION SIGN}{number(float(f'{1.0 - row.effect.interval.value:.3g}'))}"


def _ends(interval: Interval, factor: float = 1.0) -> list[list[float]] | None:
    """Lengths of an error bar to the left and the right; None without an interval."""
    if interval.value is None or interval.low is None or interval.high is None:
        return None
    parts = (interval.value - interval.low, interval.high - interval.value)
    return [[factor * max(part, 0.0)] for part in parts]


def _caption(study: Mechanisms, plating: list[float]) -> str:
    plan = study.plan
    cost = ""
    if plating:
        at = plan.subject_at(plating[0]).at(plating[0])
        cost = (
            f" b: what it costs, change of the electrode potential at {at}; below zero plating "
            "needs a larger overpotential."
        )
    return (
        "a: corrosion current density at open circuit, per projected area, of the base and with "
        "one mechanism switched on, and how many times that of the base it is. Blue lowers it, "
        f"red makes it worse, grey is not decided.{cost} Bars: {CONFIDENCE:.0%} intervals over "
        f"{len(plan.seeds)} paired seeds. Level {plan.level}."
    )
