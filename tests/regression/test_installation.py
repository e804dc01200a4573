"""What is installed, from where: the wheel, the setup on a bare system, the containers."""

import email
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTAINERS = ROOT / "scripts/containers"
DOCKER = (CONTAINERS / "Dockerfile").read_text(encoding="utf-8")
APPTAINER = (CONTAINERS / "zinterphase.def").read_text(encoding="utf-8")
BUILD = "from hatchling.build import build_wheel as build; print(build('wheels'))"
# Enough of an interpreter for scripts/setup.sh: it answers and notes what it is to do.
PYTHON = """#!/bin/bash
case "$*" in
    *"-m venv"*)
        mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && echo "#!$3/bin/python" >"$3/bin/pip" ;;
    *sys.executable*) echo "$0" ;;
    *get_platform*) echo cp312-linux-x86_64.txt ;;
    "-") echo 12 ;;
    *"-m pip"*) echo "pip ${*: -1}" >>"$NOTES" ;;
esac
"""
TOOLS = ("bash", "cat", "cp", "dirname", "env", "flock", "grep", "head", "mkdir", "rm", "sha256sum")
NOTE = '#!/bin/bash\necho "${0##*/} $*" >>"$NOTES"\n'


def copied(lines: list[str], folder: Path) -> None:
    """Copy what a container's recipe copies."""
    for name in " ".join(lines).split():
        source = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__")
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)


DOCKER_FILES = [" ".join(x.split()[:-1]) for x in re.findall(r"^COPY (.*)$", DOCKER, re.MULTILINE)]
APPTAINER_FILES = re.findall(r"^ +(\S+) /opt/zinterphase/$", APPTAINER, re.MULTILINE)


@pytest.fixture
def bare(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A bare system: what a container copies, package managers and an interpreter that take notes.

    Others than root may enter it.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copied(DOCKER_FILES, folder)
        tools = folder / "tools"
        tools.mkdir()
        programs = {request.param: NOTE, "ldconfig": "#!/bin/bash\n", "python3.12": PYTHON}
        for tool, text in programs.items():
            (tools / tool).write_text(text)
        for tool in TOOLS:
            (tools / tool).symlink_to(str(shutil.which(tool)))
        subprocess.run(["chmod", "-R", "a+rwX,a+x", folder], check=True)
        yield folder


def set_up(bare: Path, *, root: bool) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run the recipe's only command as root or not; what was noted comes with it."""
    am_root = os.geteuid() == 0
    become_root = ["/usr/bin/unshare", "--map-root-user"] if root and not am_root else []
    notes = bare / "notes"
    variables = {"PATH": str(bare / "tools"), "CC": "false", "NOTES": str(notes)}
    done = subprocess.run(
        [*become_root, bare / "scripts/setup.sh"],
        env=variables, user=65534 if am_root and not root else None,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done, notes.read_text() if notes.exists() else ""


@pytest.mark.parametrize(
    ("bare", "expected"),
    [
        ("apt-get", ["apt-get update", "apt-get install", "libglu1-mesa", "libc6-dev"]),
        ("dnf", ["dnf install", "mesa-libGLU", "glibc-devel"]),
    ],
    indirect=["bare"],
)
def test_root_gets_packages_and_pinned_wheels(bare: Path, expected: list[str]) -> None:
    done, notes = set_up(bare, root=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{bare / '.venv/bin'}\n"
    assert all(words in notes for words in expected), notes
    assert notes.splitlines()[-2:] == ["pip scripts/wheels/cp312-linux-x86_64.txt", "pip ."]


@pytest.mark.parametrize(
    ("bare", "line"),
    [
        ("apt-get", "sudo apt-get install libglu1-mesa libgl1 "),
        ("dnf", "sudo dnf install mesa-libGLU mesa-libGL "),
        ("zypper", "by Debian's names: libglu1-mesa"),
    ],
    indirect=["bare"],
)
def test_others_are_told_the_command(bare: Path, line: str) -> None:
    done, notes = set_up(bare, root=False)
    assert done.returncode == 1
    assert line in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not notes


def test_both_containers_do_the_same() -> None:
    assert " ".join(DOCKER_FILES).split() == APPTAINER_FILES
    (run,) = re.findall(r"^RUN (.*)$", DOCKER, re.MULTILINE)
    assert f"cd /opt/zinterphase && {run}\n" in APPTAINER
    assert run.startswith("scripts/setup.sh && ")
    image = re.search(r"^FROM (.*)$", DOCKER, re.MULTILINE)
    assert image is not None
    assert f"From: {image[1]}\n" in APPTAINER
    settings = re.findall(r"^ENV (.*)$", DOCKER, re.MULTILINE)
    assert settings == re.findall(r"^ +export (.*)$", APPTAINER, re.MULTILINE)


def test_the_wheel_is_complete_and_leaves_versions_to_its_user(tmp_path: Path) -> None:
    """Built from what the containers copy."""
    copied(DOCKER_FILES, tmp_path)
    words = [sys.executable, "-c", BUILD]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    (file,) = (tmp_path / "wheels").glob("*.whl")
    with zipfile.ZipFile(file) as wheel:
        names = set(wheel.namelist())
        (metadata,) = (wheel.read(x).decode() for x in names if x.endswith("dist-info/METADATA"))
    modules = {f.relative_to(ROOT / "model").as_posix() for f in ROOT.glob("model/**/*.py")}
    data = {"zinterphase/materials/library.toml", "zinterphase/py.typed"}
    assert modules | data <= names
    told = email.message_from_string(metadata)
    assert told.get_payload() == (ROOT / "README.md").read_text(encoding="utf-8")
    assert told["Project-URL"]
    requirements = told.get_all("Requires-Dist") or []
    assert not [x for x in requirements if "==" in x.partition(";")[0]]
    assert any(x.startswith("dolfinx") and "extra == 'fem'" in x for x in requirements)
