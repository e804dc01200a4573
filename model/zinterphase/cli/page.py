"""Long tables as a text file, where the terminal has the short answer."""

from pathlib import Path

from rich.console import RenderableType

from zinterphase.cli.console import PlainTextConsole
from zinterphase.output.files import replacing

WIDTH = 160
"""Columns of the page."""


def write_page(path: Path, *content: RenderableType) -> None:
    """Write lines and tables one below the other. Not collective: one rank writes."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        page = PlainTextConsole(file=file, width=WIDTH, highlight=False, markup=False, emoji=False)
        for item in content:
            page.print(item)
