"""The page: one file without a network, of a template."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from zinterphase.report.content import PICTURES, RunContent, StudyContent
from zinterphase.report.numbers import ANSWERS
from zinterphase.report.rendering import rendered

LARGEST = 5_000_000
"""Bytes of a page."""
SECTIONS = (*(name for name, _ in PICTURES), "More pictures")


def page(contents: Sequence[RunContent | StudyContent]) -> str:
    """One HTML text; what comes from files is text and no markup."""
    runs = [content for content in contents if isinstance(content, RunContent)]
    studies = [content for content in contents if isinstance(content, StudyContent)]
    return rendered(
        "page.html",
        runs=runs,
        studies=studies,
        answers=_side_by_side(runs),
        sections=[name for name in SECTIONS if any(name in run.pictures for run in runs)],
        version=version("zinterphase"),
    )


def _side_by_side(runs: Sequence[RunContent]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Label, unit, and by run value and note, of every answer that some run has."""
    rows = []
    for key, label in ANSWERS:
        cells = [next((a for a in run.answers if a.key == key), None) for run in runs]
        units = [cell.unit for cell in cells if cell is not None]
        if units:
            told = [("", "") if cell is None else (cell.value, cell.note) for cell in cells]
            rows.append((label, units[0], told))
    return rows
