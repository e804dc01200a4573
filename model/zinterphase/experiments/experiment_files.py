"""Files of an experiment: its figure, its numbers, its curves, its resolved cases."""

from collections.abc import Iterator
from pathlib import Path

from zinterphase.ensemble.comparison_files import file_names
from zinterphase.experiments.experiment import InTime, OnWaves, Panel, Steady
from zinterphase.experiments.measured import Distance, Measured
from zinterphase.experiments.outcome import Outcome
from zinterphase.experiments.readable import sentences
from zinterphase.output.figures import save_figure
from zinterphase.output.files import replacing, write_json, write_rows

_ABOUT = {
    InTime: "Voltages count from open circuit.",
    Steady: "The current goes along the curve.",
    OnWaves: "On the first of the surfaces.",
}


def write_experiment(
    outcome: Outcome,
    folder: Path,
    measured: Measured | None = None,
    distances: dict[str, Distance] | None = None,
) -> None:
    """Write `NAME.png`, `NAME.csv`, `NAME.json`, `NAME_curves.csv` and a case file for every anode.

    Not collective: one rank writes.
    """
    name = outcome.experiment.name
    folder.mkdir(parents=True, exist_ok=True)
    rows = list(_numbers(outcome))
    write_rows(folder / f"{name}.csv", rows)
    write_rows(folder / f"{name}_curves.csv", list(_curves(outcome)))
    write_json(
        folder / f"{name}.json",
        {
            "experiment": name,
            "what": outcome.experiment.what,
            "parameters": {
                p.name: {"values": list(outcome.values.each(p.name)), "unit": p.unit}
                for p in outcome.experiment.parameters
            },
            "seeds": list(outcome.seeds),
            "quantities": rows,
            "found": list(sentences(outcome)),
            "failures": outcome.failures,
            "measured": None if measured is None else _measured(measured, distances or {}),
        },
    )
    from zinterphase.experiments.experiment_figure import experiment_figure

    save_figure(experiment_figure(outcome, measured), folder / f"{name}.png")
    _write_cases(outcome, folder)


def _numbers(outcome: Outcome) -> Iterator[dict[str, object]]:
    for quantity, unit in outcome.quantities.items():
        for anode in outcome.anodes:
            interval = anode.interval(quantity)
            yield {"case": anode.label, "quantity": quantity, "unit": unit, **interval.as_dict()}


def _curves(outcome: Outcome) -> Iterator[dict[str, object]]:
    """Every point of every line of every seed."""
    panels = {panel.name: panel for panel in outcome.experiment.panels}
    for anode in outcome.anodes:
        for seed, reduced in anode.reduced.items():
            for curve in reduced.curves:
                for x, y in zip(curve.x.tolist(), curve.y.tolist(), strict=True):
                    yield {
                        "case": anode.label,
                        "seed": seed,
                        "panel": curve.panel,
                        "line": outcome.experiment.guides if curve.guide else "computed",
                        **_point(panels[curve.panel], x, y),
                    }


def _point(panel: Panel, x: float, y: float) -> dict[str, object]:
    return {
        "x": x,
        "x_is": f"{panel.x.column}_{panel.x.unit}",
        "y": y,
        "y_is": f"{panel.y.column}_{panel.y.unit}",
    }


def _measured(measured: Measured, distances: dict[str, Distance]) -> dict[str, object]:
    return {
        "file": measured.name,
        "panel": measured.panel.name,
        "distances": {label: vars(found) for label, found in distances.items()},
    }


def _write_cases(outcome: Outcome, folder: Path) -> None:
    what = _ABOUT[type(outcome.experiment.measure)]
    names = file_names([anode.label for anode in outcome.anodes])
    for name, anode in zip(names, outcome.anodes, strict=True):
        text = anode.setup.case().with_seed(outcome.seeds[0]).to_toml()
        with replacing(folder / f"{outcome.experiment.name}-{name}.toml") as temporary:
            temporary.write_text(f"# {what}\n{text}", encoding="utf-8")
