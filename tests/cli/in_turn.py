"""Several commands one after the other in one process, for those that end soon."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PROGRAM = """
import json, sys
from pathlib import Path
from zinterphase.cli import main

folder, codes = Path(sys.argv[1]), []
for number, words in enumerate(json.loads(sys.argv[2])):
    for name in ("stdout", "stderr"):
        stream = (folder / f"{number}.{name}").open("w", encoding="utf-8")
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.argv = ["zinterphase", *words]
    try:
        main()
    except SystemExit as end:
        codes.append(end.code or 0)
    sys.stdout.close()
    sys.stderr.close()
(folder / "codes.json").write_text(json.dumps(codes))
"""


@dataclass(frozen=True)
class Answer:
    """Exit code of a command, and what it said."""

    code: int
    stdout: str
    stderr: str


def in_turn(cwd: Path, folder: Path, commands: Sequence[Sequence[str]]) -> list[Answer]:
    """What commands answer that run in ``cwd``; streams are kept in ``folder``."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, folder, json.dumps(commands)],
        cwd=cwd, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    codes = json.loads((folder / "codes.json").read_text(encoding="utf-8"))

    def said(number: int, stream: str) -> str:
        return (folder / f"{number}.{stream}").read_text(encoding="utf-8")

    return [Answer(code, said(k, "stdout"), said(k, "stderr")) for k, code in enumerate(codes)]
