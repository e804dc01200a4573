"""What a page shows of a folder."""

from __future__ import annotations

import csv
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from zinterphase.case import Case
from zinterphase.case.plan import planned
from zinterphase.case.provenance import Provenance
from zinterphase.cell.advice import notices, regime_of
from zinterphase.errors import CaseError, FileError
from zinterphase.observe.quantity import Quantity
from zinterphase.output.files import read_json
from zinterphase.output.runfolder import BALANCE, RESULTS, RUN, read_results
from zinterphase.report.layers import Stack, stacks
from zinterphase.report.numbers import Shown, answers, shown
from zinterphase.report.pictures import Picture, picture

PICTURES = (
    ("Fields", ("fields.png", "surface.png")),
    ("Voltage and cycles", ("voltage.png",)),
    ("Capacity", ("capacity.png",)),
    ("Through the cell", ("cell_profiles.png",)),
    ("Deposit", ("deposit.png", "front.png")),
    ("Impedance", ("impedance.png", "spectra.png", "nyquist.png", "bode.png")),
    ("Mesh", ("mesh.png",)),
)
"""Pictures of a run by section; others of its folder follow behind."""
MOST_ROWS = 60
"""Rows of a table on a page; of longer ones it says how many there are."""


@dataclass(frozen=True)
class Rows:
    """A table of a folder."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    left_out: int = 0


@dataclass(frozen=True)
class RunContent:
    """A run: steady or in time, finished or not. ``case`` is None where it no longer loads."""

    folder: str
    title: str
    state: str
    question: str
    run: Mapping[str, Any]
    command: str
    case_text: str
    answers: Sequence[Shown] = ()
    numbers: Sequence[Shown] = ()
    warnings: Sequence[str] = ()
    inside_validity: bool | None = None
    layers: Sequence[Stack] = ()
    provenance: Sequence[Provenance] = ()
    unreadable: str = ""
    pictures: Mapping[str, Sequence[Picture]] = field(default_factory=dict)
    balances: Rows | None = None
    cycles: Rows | None = None
    meshes: Rows | None = None


@dataclass(frozen=True)
class StudyContent:
    """Any other folder: its pictures and tables."""

    folder: str
    pictures: Sequence[Picture]
    tables: Sequence[Rows]
    texts: Mapping[str, str]


def content_of(folder: Path) -> RunContent | StudyContent:
    """What is in a folder. Raises :class:`FileError` where there is nothing to show."""
    if not folder.is_dir():
        raise FileError(f"{folder}: not a folder")
    return _run(folder) if (folder / RUN).is_file() else _study(folder)


def title_of(folder: Path) -> str:
    """Of a run's case, the folder's name where there is none that loads."""
    case, _ = _case(folder / "case.toml")
    return folder.name if case is None else case.title


def table(path: Path, most: int = MOST_ROWS) -> Rows | None:
    """A CSV file of a folder as text; None where it is not there."""
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        columns = next(reader, [])
        rows = [[_short(cell) for cell in row] for row in islice(reader, most)]
        left = sum(1 for _ in reader)
    return Rows(path.name, columns, rows, left)


def _run(folder: Path) -> RunContent:
    run = read_json(folder / RUN)
    text = _text(folder / "case.toml")
    case, objection = _case(folder / "case.toml")
    numbers = read_results(folder) if (folder / RESULTS).is_file() else {}
    return RunContent(
        folder=str(folder),
        title=folder.name if case is None else case.title,
        state=str(run.get("state", "unknown")),
        question="" if case is None else question(case, disturbed=is_spectrum(numbers)),
        run=run,
        command=shlex.join(map(str, run.get("command", []))),
        case_text=text,
        answers=answers(numbers),
        numbers=[shown(key, quantity) for key, quantity in numbers.items()],
        warnings=_warnings(case),
        inside_validity=None if case is None else not regime_of(case).refusals,
        layers=() if case is None else stacks(case),
        provenance=() if case is None else case.provenance,
        unreadable=objection,
        pictures=_pictures(folder),
        balances=table(folder / BALANCE),
        cycles=table(folder / "cycles.csv"),
        meshes=table(folder / "convergence.csv"),
    )


def _study(folder: Path) -> StudyContent:
    images = [picture(path) for path in sorted(folder.glob("*.png"))]
    tables = [found for path in sorted(folder.glob("*.csv")) if (found := table(path))]
    texts = {path.name: _text(path) for path in sorted(folder.glob("*.txt"))}
    if not images and not tables:
        raise FileError(f"{folder}: neither a run nor a study that has come to its end")
    return StudyContent(str(folder), images, tables, texts)


def is_spectrum(numbers: Mapping[str, Quantity]) -> bool:
    """Whether results are those of an impedance."""
    return any(key.startswith("impedance.") for key in numbers)


def question(case: Case, *, disturbed: bool = False) -> str:
    """What a case asks, in a sentence; ``disturbed`` for its impedance."""
    films = [layer.material for layer in case.layers[case.dense_count : -1]]
    metal = case.layers[max(case.dense_count - 1, 0)].material
    liquid = case.electrolyte
    names = ", ".join(s.name for s in liquid.resolved_species)
    salt = names if liquid.concentration is None else _of_salt(case)
    under = f" under {', '.join(reversed(films))}" if films else ""
    level = f"Level of theory: {case.level}, {case.geometry.dimension}D."
    if disturbed:
        state = "at the end of its protocol" if case.protocol else _drive(case)
        return f"What is the impedance of {metal}{under} in {salt} made of, {state}? {level}"
    if case.protocol:
        return f"What becomes of {metal}{under} in {salt}, put through: {_steps(case)}? {level}"
    return f"How evenly does {metal}{under} in {salt} take its current, {_drive(case)}? {level}"


def _of_salt(case: Case) -> str:
    assert case.electrolyte.concentration is not None
    return f"{case.electrolyte.concentration / 1000:g} mol/L {case.electrolyte.salt}"


def _steps(case: Case) -> str:
    entries = planned(case.protocol)
    steps = [f"{e.step.text}{f' ({e.times} times)' if e.times > 1 else ''}" for e in entries]
    return "; ".join(steps[:4]) + (f"; and {len(steps) - 4} more" if len(steps) > 4 else "")


def _drive(case: Case) -> str:
    if case.control.current_density is not None:
        return f"at {case.control.current_density / 10:g} mA/cm\N{SUPERSCRIPT TWO} on average"
    return f"at {case.control.potential:g} V"


def _case(path: Path) -> tuple[Case | None, str]:
    try:
        return Case.load(path), ""
    except CaseError as error:
        return None, str(error)


def _pictures(folder: Path) -> dict[str, list[Picture]]:
    left = {path.name: path for path in sorted(folder.glob("*.png"))}
    found: dict[str, list[Picture]] = {}
    for section, names in PICTURES:
        there = [picture(left.pop(name)) for name in names if name in left]
        if there:
            found[section] = there
    if left:
        found["More pictures"] = [picture(path) for path in left.values()]
    return found


def _warnings(case: Case | None) -> list[str]:
    """What `check` says of a case."""
    return [] if case is None else list(notices(case, regime_of(case).findings))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _short(cell: str) -> str:
    try:
        return f"{float(cell):.5g}"
    except ValueError:
        return cell
