"""The files of a tornado plot."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from zinterphase.ensemble.subject import Subject
from zinterphase.mechanisms.points import CV, FACTOR, RATE, RATIO, Answer
from zinterphase.mechanisms.tornado import Tornado
from zinterphase.output.figures import save_figure
from zinterphase.output.files import write_json, write_rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES = ("tornado.png", "tornado.pdf")
DRAWN = {CV: "CV of the anode", FACTOR: "H against bare metal"}
DRAWN_OF_RATES = {RATE: "Corrosion (A m$^{-2}$)", RATIO: "Over that of bare metal"}


def write_tornado(found: Tornado, folder: Path) -> None:
    """Write numbers and figure. Not collective: one rank writes."""

    def told(answer: Answer) -> dict[str, object]:
        return answer.as_dict(found.subject)

    folder.mkdir(parents=True, exist_ok=True)
    write_json(
        folder / "tornado.json",
        {
            "field": found.subject.field,
            "anode": list(found.anode),
            "seeds": list(found.seeds),
            "nominal": {f"{i:g}": told(answer) for i, answer in found.nominal.items()},
            "bars": [
                {**vars(bar), "low": told(bar.low), "high": told(bar.high)} for bar in found.bars
            ],
        },
    )
    write_rows(folder / "tornado.csv", _rows(found))
    figure = drawn(found)
    if figure is not None:
        for name in FIGURES:
            save_figure(figure, folder / name)


def drawn(found: Tornado) -> Figure | None:
    """The figure; None where the anode itself gave no solution."""
    from zinterphase.mechanisms.tornado_figure import Swing, TornadoRow, tornado_figure

    names = DRAWN if found.subject.rate is None else DRAWN_OF_RATES
    rows = []
    for current, own in found.nominal.items():
        values = _drawn(own, names)
        nominal = tuple(value for value in values if value is not None)
        if len(nominal) < len(values):
            continue
        swings = tuple(
            Swing(f"{b.factor} ({_range(*b.ends)})", _drawn(b.low, names), _drawn(b.high, names))
            for b in found.bars
            if b.current == current
        )
        title = found.subject.title(current)
        rows.append(TornadoRow(title, nominal, swings))
    if not rows:
        return None
    logarithmic = found.subject.rate is not None
    return tornado_figure(tuple(names.values()), rows, _caption(found), logarithmic=logarithmic)


def _caption(found: Tornado) -> str:
    anode = f"the film with {' and '.join(found.anode)} switched on" if found.anode else "the film"
    return (
        f"One number at a time at both ends of its range in the material library; the line is the "
        f"anode with its own values: {anode}. {_compared(found.subject)} "
        f"Means over {len(found.seeds)} seeds."
    )


def _compared(subject: Subject) -> str:
    """What of the bare metal the anode is compared with."""
    if subject.rate is not None:
        return "The bare metal has the same hydrogen evolution on zinc and the same acid."
    return (
        f"H = 1 \N{MINUS SIGN} CV/CV(bare) of the "
        f"{subject.evenness_of}, the bare metal having the same exchange current density, spread "
        "and correlation length."
    )


def _range(low: str, high: str) -> str:
    """Both ends with their unit once."""
    number, _, unit = low.partition(" ")
    return f"{number if unit and high.endswith(unit) else low} to {high}".replace("^", "")


def _drawn(answer: Answer, names: Mapping[str, str]) -> tuple[float | None, ...]:
    return tuple(answer.numbers.get(name) for name in names)


def _rows(found: Tornado) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        _line(found.subject, "the anode", current, "", answer)
        for current, answer in found.nominal.items()
    ]
    for bar in found.bars:
        rows += [
            _line(found.subject, bar.factor, bar.current, shown, answer)
            for shown, answer in zip(bar.ends, (bar.low, bar.high), strict=True)
        ]
    return rows


def _line(
    subject: Subject, factor: str, current: float, shown: str, answer: Answer
) -> dict[str, object]:
    return {"factor": factor, "current": current, "at": shown, **answer.as_dict(subject)}
