"""Draw H of every mechanism alone, with its interval, from the folder of a study.

Usage: python scripts/mechanisms.py results/mechanisms -o picture.png
"""

import argparse
import csv
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

METRICS = ("working.current_density.cv", "working.deposit_thickness.cv")  # steady, in time
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
LINEAR = 1e-3  # H up to which the axis is linear: what the study calls no effect


def main() -> None:
    """Read the folder named on the command line and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    with (arguments.folder / "study.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["metric"] in METRICS]
    shown = [row for row in rows if row["effect"] and row["effect_low"] and _is_shown(row)]
    names = list(dict.fromkeys(row["combination"] for row in shown))
    currents = list(dict.fromkeys(row["current"] for row in shown))
    figure, axes = plt.subplots(figsize=(7.2, 0.9 + 0.34 * len(names)))
    for number, current in enumerate(currents):
        shift = 0.28 * (number / max(len(currents) - 1, 1) - 0.5)
        chosen = {row["combination"]: row for row in shown if row["current"] == current}
        for place, name in enumerate(names):
            if name in chosen:
                _draw(axes, chosen[name], place + shift, COLOURS[number % len(COLOURS)])
        milliampere = f"{float(current) / 10:g}".replace("-", "\N{MINUS SIGN}")
        label = f"{milliampere} mA cm$^{{-2}}$"
        axes.plot([], [], "o", color=COLOURS[number % len(COLOURS)], label=label)
    axes.axvspan(-LINEAR, LINEAR, color="#dddddd", zorder=0)
    axes.axvline(0.0, color="black", linewidth=0.6)
    axes.set_xscale("symlog", linthresh=LINEAR, linscale=0.5)
    axes.set_xlim(-1.0, 1.0)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlabel("H = 1 \N{MINUS SIGN} CV/CV(base); grey: within \N{PLUS-MINUS SIGN}0.1 %")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="lower left", fontsize=8)
    figure.tight_layout()
    figure.savefig(arguments.output, dpi=200)


def _is_shown(row: dict[str, str]) -> bool:
    return len(row["switches"].split()) == 1 or row["combination"] == "all together"


def _draw(axes: plt.Axes, row: dict[str, str], height: float, colour: str) -> None:
    """A point with its interval; hollow where the study does not decide."""
    value, low, high = (float(row[name]) for name in ("effect", "effect_low", "effect_high"))
    face = "white" if row["effect_outcome"] == "open" else colour
    axes.plot([low, high], [height, height], color=colour, linewidth=1.4)
    axes.plot([value], [height], "o", color=colour, markerfacecolor=face, markersize=4.5)


if __name__ == "__main__":
    main()
