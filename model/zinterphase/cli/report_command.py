"""`report`: one page of what is in folders."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from mpi4py import MPI
from rich.console import Console

from zinterphase.cli.console import make_console
from zinterphase.cli.door_options import ReportOptions
from zinterphase.errors import CaseError, FileError
from zinterphase.output.files import replacing
from zinterphase.parallel import on_root
from zinterphase.report.content import content_of, title_of
from zinterphase.report.page import LARGEST, page
from zinterphase.report.scene import scene

NAME, SCENE = "report.html", "scene.html"


def write_report(options: ReportOptions) -> None:
    """Read folders and write the page: into the folder of a single one, else here; or scenes."""
    console, folders = make_console(), options.folders
    if options.scene:
        _write_scenes(console, options)
        return
    output = options.output or (folders[0] / NAME if len(folders) == 1 else Path(NAME))

    _write(console, output, lambda: page([content_of(folder) for folder in folders]))


def _write_scenes(console: Console, options: ReportOptions) -> None:
    """The surface of every run in a file of its own, in its folder."""
    if options.output is not None:
        raise CaseError("--output", str(options.output), "none beside --scene")
    for folder in options.folders:
        _write(console, folder / SCENE, partial(_scene, folder))


def _scene(folder: Path) -> str:
    return scene(folder, title_of(folder))


def _write(console: Console, output: Path, make: Callable[[], str]) -> None:
    """Make a page on rank 0, and tell where it is."""
    size = on_root(MPI.COMM_WORLD, lambda: _put(output, make()))
    console.print(f"written: {output} ({size / 1e6:.2g} MB)", soft_wrap=True)


def _put(output: Path, text: str) -> int:
    """Write a page, and give its size [bytes]."""
    size = len(text.encode("utf-8"))
    if size > LARGEST:
        raise FileError(f"{output}: {size / 1e6:.1f} MB; give fewer folders, below 5 MB")
    output.parent.mkdir(parents=True, exist_ok=True)
    with replacing(output) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return size
