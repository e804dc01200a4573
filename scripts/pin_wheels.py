"""Pins of all wheels with their hashes, for the interpreter and platform that run this.

    .venv/bin/python scripts/pin_wheels.py

After a change of requirements in pyproject.toml or of versions in constraints.txt. It asks pip
which wheels it would install and writes names, versions and hashes to scripts/wheels/. From there
scripts/setup.sh installs, and nothing else; on other interpreters and platforms the versions alone
are pinned.
"""

import json
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WANTED = ["--group", "dev", "--constraint", "scripts/constraints.txt"]
EDITABLE = "editables"
"""What the build backend needs beyond its own requirements for an editable installation."""
HEADER = (
    "# Written by scripts/pin_wheels.py; scripts/setup.sh installs these wheels and no others.\n"
)


def pins_file() -> Path:
    """The list for this interpreter and platform."""
    tag = f"cp{sys.version_info.major}{sys.version_info.minor}"
    return ROOT / "scripts" / "wheels" / f"{tag}-{sysconfig.get_platform()}.txt"


def pins() -> list[str]:
    """A requirement with its hash for every wheel pip would install, in order of names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    builder = project["build-system"]["requires"]
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"]
    command += [
        "--quiet",
        "--only-binary",
        ":all:",
        "--report",
        "-",
        ".[fem]",
        *builder,
        EDITABLE,
        *WANTED,
    ]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    lines = []
    for wheel in json.loads(done.stdout)["install"]:
        if "dir_info" in wheel["download_info"]:
            continue  # the project itself
        name, version = wheel["metadata"]["name"].lower(), wheel["metadata"]["version"]
        digest = wheel["download_info"]["archive_info"]["hashes"]["sha256"]
        lines.append(f"{name}=={version} --hash=sha256:{digest}\n")
    return sorted(lines)


if __name__ == "__main__":
    path = pins_file()
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEADER + "".join(pins()), encoding="utf-8")
    print(f"written: {path.relative_to(ROOT)}")
