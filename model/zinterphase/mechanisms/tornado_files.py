"""The files of a tornado plot."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure

from zinterphase.mechanisms.points import QUANTITIES, Answer
from zinterphase.mechanisms.tornado import Tornado
from zinterphase.mechanisms.tornado_figure import Swing, TornadoRow, tornado_figure
from zinterphase.output.files import write_json, write_rows
from zinterphase.output.plotstyle import number, save_figure

FIGURES = ("tornado.png", "tornado.pdf")
DRAWN = {"cv": "CV of the anode", "homogenisation": "H against bare metal"}


def write_tornado(found: Tornado, folder: Path) -> None:
    """Write numbers and figure. Not collective: one rank writes."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(
        folder / "tornado.json",
        {
            "anode": list(found.anode),
            "seeds": list(found.seeds),
            "nominal": {f"{i:g}": vars(answer) for i, answer in found.nominal.items()},
            "bars": [bar.as_dict() for bar in found.bars],
        },
    )
    write_rows(folder / "tornado.csv", _rows(found))
    figure = drawn(found)
    if figure is not None:
        for name in FIGURES:
            save_figure(figure, folder / name)


def drawn(found: Tornado) -> Figure | None:
    """The figure; None where the anode itself gave no solution."""
    rows = []
    for current, own in found.nominal.items():
        values = _drawn(own)
        nominal = tuple(value for value in values if value is not None)
        if len(nominal) < len(values):
            continue
        swings = tuple(
            Swing(f"{b.factor} ({_range(*b.ends)})", _drawn(b.low), _drawn(b.high))
            for b in found.bars
            if b.current == current
        )
        title = f"{number(0.1 * current)} mA cm$^{{-2}}$"
        rows.append(TornadoRow(title, nominal, swings))
    return tornado_figure(tuple(DRAWN.values()), rows, _caption(found)) if rows else None


def _caption(found: Tornado) -> str:
    anode = f"the film with {' and '.join(found.anode)} switched on" if found.anode else "the film"
    return (
        f"One number at a time at both ends of its range in the material library; the line is the "
        f"anode with its own values: {anode}. H = 1 \N{MINUS SIGN} CV/CV(bare), the bare metal "
        f"having the same exchange current density, spread and correlation length. "
        f"Means over {len(found.seeds)} seeds."
    )


def _range(low: str, high: str) -> str:
    """Both ends with their unit once."""
    number, _, unit = low.partition(" ")
    return f"{number if unit and high.endswith(unit) else low} to {high}".replace("^", "")


def _drawn(answer: Answer) -> tuple[float | None, ...]:
    return tuple(getattr(answer, name) for name in DRAWN)


def _rows(found: Tornado) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        _line("the anode", current, "", answer) for current, answer in found.nominal.items()
    ]
    for bar in found.bars:
        rows += [
            _line(bar.factor, bar.current, shown, answer)
            for shown, answer in zip(bar.ends, (bar.low, bar.high), strict=True)
        ]
    return rows


def _line(factor: str, current: float, shown: str, answer: Answer) -> dict[str, object]:
    numbers = {name: getattr(answer, name) for name in QUANTITIES}
    return {"factor": factor, "current": current, "at": shown, **numbers, "reason": answer.reason}
