"""`report`: one page of what is in folders."""

from pathlib import Path

from mpi4py import MPI

from zinterphase.cli.console import make_console
from zinterphase.cli.door_options import ReportOptions
from zinterphase.errors import FileError
from zinterphase.output.files import replacing
from zinterphase.parallel import on_root
from zinterphase.report.content import content_of
from zinterphase.report.page import LARGEST, page

NAME = "report.html"


def write_report(options: ReportOptions) -> None:
    """Read folders and write the page: into the folder of a single one, else here."""
    console, folders = make_console(), options.folders
    output = options.output or (folders[0] / NAME if len(folders) == 1 else Path(NAME))

    def write() -> int:
        text = page([content_of(folder) for folder in folders])
        size = len(text.encode("utf-8"))
        if size > LARGEST:
            raise FileError(f"{output}: {size / 1e6:.1f} MB; give fewer folders, below 5 MB")
        output.parent.mkdir(parents=True, exist_ok=True)
        with replacing(output) as temporary:
            temporary.write_text(text, encoding="utf-8")
        return size

    size = on_root(MPI.COMM_WORLD, write)
    console.print(f"written: {output} ({size / 1e6:.2g} MB)", soft_wrap=True)
