"""The folder of a comparison."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite
from pathlib import Path

from zinterphase.ensemble.compare import Comparison
from zinterphase.ensemble.homogenisation import Member
from zinterphase.ensemble.jobs import driven
from zinterphase.ensemble.mesh_errors import ASSUMED, ESTIMATED, OF_SPACE
from zinterphase.output.figures import save_figure
from zinterphase.output.files import replacing, write_json, write_rows
from zinterphase.output.front_files import MODES

FIGURES = ("comparison.png", "comparison.pdf")
WAVES = "front_modes.png"


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """Write table, runs, figure and resolved cases. Not collective: one rank writes.

    On a line, where currents are uniform, there is no figure.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "table.json", _everything(comparison))
    comparison.table.to_csv(folder / "table.csv")
    write_rows(folder / "members.csv", member_rows(comparison.members))
    if comparison.cases[0].geometry.extents:
        figure = comparison.figure()
        for name in FIGURES:
            save_figure(figure, folder / name)
    if comparison.waves:
        _write_waves(comparison, folder)
    for name, text in _cases(comparison).items():
        with replacing(folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8")


def _write_waves(comparison: Comparison, folder: Path) -> None:
    from zinterphase.ensemble.wave_figure import wave_figure

    rows = (
        {
            "case": wave.label,
            "wavelength": wave.wavelength,
            "exponent": wave.exponent.value,
            "low": wave.exponent.low,
            "high": wave.exponent.high,
            "seeds": wave.exponent.n,
            "theory": wave.theory,
            "reason": wave.exponent.reason,
        }
        for wave in comparison.waves
    )
    write_rows(folder / MODES, list(rows))
    save_figure(wave_figure(comparison.waves, comparison.labels, comparison.level), folder / WAVES)


def file_names(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels as parts of file names, each once."""
    names: list[str] = []
    for number, label in enumerate(labels, 1):
        name = re.sub(r"[^A-Za-z0-9.]+", "-", label).strip("-.") or "case"
        names.append(f"{name}-{number}" if name.lower() in {n.lower() for n in names} else name)
    return tuple(names)


def member_rows(members: Sequence[Member]) -> list[dict[str, object]]:
    """One row per run with all its numbers, None where it has none."""
    scalars = dict.fromkeys(name for m in members for name in m.scalars)
    metrics = dict.fromkeys(
        (field, metric) for m in members for field, values in m.metrics.items() for metric in values
    )
    return [
        {
            "case": member.case,
            "level": member.level,
            "current": member.current,
            "seed": member.seed,
            "converged": member.converged,
            "reason": member.reason,
            **{name: member.scalars.get(name) for name in scalars},
            **{f"{f}.{name}": member.metrics.get(f, {}).get(name) for f, name in metrics},
        }
        for member in members
    ]


def _everything(comparison: Comparison) -> dict[str, object]:
    electrolyte = {"concentration": comparison.concentration, "unit": "mol/m^3"}
    return {
        "level": comparison.level,
        "electrolyte": electrolyte,
        "currents": list(comparison.currents),
        "seeds": list(comparison.seeds),
        "limiting_current": {
            "definition": comparison.regimes[0][0].limiting_definition,
            "unit": "A/m^2",
            **{
                label: row[0].limiting_current if isfinite(row[0].limiting_current) else None
                for label, row in zip(comparison.labels, comparison.regimes, strict=True)
            },
        },
        "numerical_errors": {
            "source": _source(comparison),
            "cv_of_reference": comparison.cv_errors,
            "rows": [asdict(row) for row in comparison.numerical_errors],
        },
        "notices": dict(zip(comparison.labels, comparison.notices, strict=True)),
        **comparison.table.as_dict(),
    }


def _source(comparison: Comparison) -> str:
    """Where numerical errors are from."""
    source = ESTIMATED if comparison.numerical_errors else ASSUMED
    return source + (OF_SPACE if comparison.cases[0].protocol else "")


def _cases(comparison: Comparison) -> dict[str, str]:
    """Resolved cases by file name, each at the first seed and current."""
    seed, current = comparison.seeds[0], comparison.currents[0]
    others = f"seeds {', '.join(map(str, comparison.seeds))}"
    if not comparison.cases[0].protocol:
        currents = ", ".join(f"{i:g}" for i in comparison.currents)
        others += f"; mean current densities {currents} A/m^2"
    names = file_names(comparison.labels)
    return {
        f"case-{name}.toml": f"# One run of a comparison over {others}.\n"
        + driven(case.with_seed(seed), current).to_toml()
        for name, case in zip(names, comparison.cases, strict=True)
    }
