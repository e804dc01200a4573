"""Corrosion of compared anodes at open circuit: a table, and the sentences that it supports."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.table import Table

from zinterphase.ensemble.answer import SLIGHT
from zinterphase.ensemble.homogenisation import Member
from zinterphase.ensemble.subject import OPEN_CIRCUIT
from zinterphase.ensemble.terminal import interval_cell
from zinterphase.observe import keys
from zinterphase.observe.resampling import PairedMeans
from zinterphase.observe.statistics import CONFIDENCE, Interval
from zinterphase.observe.surface import FloatArray

MICRO, NANO, MILLI = 100.0, 1e5, 1e3
"""uA/cm2 of A/m2, nmol/cm2/s of mol/m2/s, mV of V."""


def corrosion_table(members: Sequence[Member]) -> Table:
    """Corrosion, its ratio to the first anode, hydrogen and potential of runs at open circuit."""
    labels = tuple(dict.fromkeys(member.label for member in members))
    view = Table(
        "",
        *labels,
        title=f"Corrosion at {OPEN_CIRCUIT}, seed means with {CONFIDENCE:.0%} intervals",
        title_justify="left",
    )
    for name, key, factor in (
        ("corrosion, uA/cm2", keys.CORROSION, MICRO),
        ("hydrogen, nmol/cm2/s", keys.HYDROGEN, NANO),
        ("potential, mV", keys.POTENTIAL, MILLI),
    ):
        means = _means(members, key)
        cells = (interval_cell(means.interval([label], _own), factor) for label in labels)
        view.add_row(name, *cells)
    ratios = (interval_cell(ratio(members, label)) for label in labels[1:])
    view.add_row(f"times that of {labels[0]}", "", *ratios)
    return view


def corrosion_sentences(members: Sequence[Member]) -> list[str]:
    """A line for each other anode: whether it corrodes less or more than the first."""
    first, *others = dict.fromkeys(member.label for member in members)
    return [_sentence(label, first, ratio(members, label)) for label in others]


def ratio(members: Sequence[Member], label: str) -> Interval:
    """Corrosion of an anode over that of the first one, paired by seed."""
    return _means(members, keys.CORROSION).interval([members[0].label, label], _over)


def _means(members: Sequence[Member], key: str) -> PairedMeans:
    """Seed means of a number by anode; NaN without a solution."""
    series: dict[str, list[float]] = {}
    for member in members:
        value = member.scalars.get(key, np.inf) if member.converged else np.nan
        series.setdefault(member.label, []).append(value)
    return PairedMeans(series)


def _own(mean: FloatArray) -> FloatArray:
    return mean


def _over(base: FloatArray, other: FloatArray) -> FloatArray:
    return np.asarray(other / base)


def _sentence(label: str, first: str, found: Interval) -> str:
    if found.value is None:
        return f"{label}: corrosion not told: {found.reason}."
    text = f"{label}: corrodes {found.value:.3g} times as fast as {first}"
    if found.low is None or found.high is None:
        return f"{text}, on these surfaces only: {found.reason}."
    text += f" [{found.low:.3g}, {found.high:.3g}]"
    if max(abs(found.low - 1.0), abs(found.high - 1.0)) < SLIGHT:
        return f"{text}: no difference to speak of."
    if found.low > 1.0:
        return f"{text}: it makes corrosion worse."
    return f"{text}: it protects." if found.high < 1.0 else f"{text}: no difference is shown."
