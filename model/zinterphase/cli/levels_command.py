"""`levels`: one case at several levels of theory."""

from pathlib import Path

from mpi4py import MPI
from rich.console import Console
from rich.table import Table

from zinterphase.cli.console import make_console
from zinterphase.cli.inputs import load_case
from zinterphase.cli.series_options import LevelsOptions
from zinterphase.ensemble.level_differences import LevelDifferences, compare_levels
from zinterphase.ensemble.resolved import compare_with_layers
from zinterphase.errors import CaseError
from zinterphase.observe import keys
from zinterphase.output.files import write_json, write_rows
from zinterphase.parallel import on_root
from zinterphase.units import for_readers

SHOWN = (
    keys.MEAN_CURRENT_DENSITY,
    keys.POTENTIAL,
    f"{keys.VOLTAGE}.",
    f"{keys.CURRENT_DENSITY_TRUE_AREA}.",
    f"{keys.CURRENT_DENSITY}.",
    "metal.",
    f"{keys.ION_FLUX_OUTER_FACE}.",
    f"{keys.DEPOSIT_THICKNESS}.",
    "last_",
)
"""How the keys of quantities on the terminal begin; the files have all."""


def compare_case_levels(options: LevelsOptions) -> None:
    """Solve a case at each level, or against one in layers, and tell the differences."""
    comm, console = MPI.COMM_WORLD, make_console()
    found = _at_levels(options, comm) if options.against is None else _in_layers(options, comm)
    output = options.output
    if output is not None:
        on_root(comm, lambda: _write(found, output))
    _show(console, found)


def _at_levels(options: LevelsOptions, comm: MPI.Intracomm) -> LevelDifferences:
    chosen = [
        load_case(comm, options.case, [*(options.overrides or []), f"level={name}"])
        for name in options.level or []
    ]
    return compare_levels(chosen, comm)


def _in_layers(options: LevelsOptions, comm: MPI.Intracomm) -> LevelDifferences:
    assert options.against is not None
    levels = options.level or []
    if len(levels) > 1:
        raise CaseError("--level", ", ".join(levels), "one level with --against")
    words = [*(options.overrides or []), *(f"level={name}" for name in levels)]
    resolved = load_case(comm, options.case, words)
    return compare_with_layers(resolved, load_case(comm, options.against, words), comm)


def _rows(found: LevelDifferences) -> list[dict[str, object]]:
    """A row per quantity: value at each level, and its difference from the reference's."""
    return [
        {
            "quantity": name,
            "unit": found.units[name],
            **{level: row.get(level) for level in found.levels},
            **{
                f"{level} over {found.levels[0]} - 1": found.difference(name, level)
                for level in found.levels[1:]
            },
        }
        for name, row in found.values.items()
    ]


def _write(found: LevelDifferences, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = _rows(found)
    write_rows(folder / "levels.csv", rows)
    advice = {level: list(map(str, regime.findings)) for level, regime in found.regimes.items()}
    whole = {"title": found.title, "levels": found.levels, "quantities": rows, "advice": advice}
    write_json(folder / "levels.json", whole)


def _show(console: Console, found: LevelDifferences) -> None:
    table = Table("quantity", *found.levels, title=found.title)
    for name in found.values:
        if name.startswith(SHOWN):
            unit, factor = for_readers(found.units[name])
            cells = (_cell(found, name, level, factor) for level in found.levels)
            table.add_row(name if unit == "1" else f"{name}, {unit}", *cells)
    console.print(table)
    for level, regime in found.regimes.items():
        for finding in regime.findings:
            console.print(f"{level}: {finding}")


def _cell(found: LevelDifferences, name: str, level: str, factor: float) -> str:
    values = found.values[name]
    if level not in values:
        return "-"
    difference = found.difference(name, level) if level != found.levels[0] else None
    shown = f"{factor * values[level]:.5g}"
    return shown if difference is None else f"{shown} ({difference:+.2%})"
