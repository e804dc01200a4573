"""Mesh files: every format is read right, executes nothing, and is bounded."""

import os
import subprocess
import sys
import time
from pathlib import Path

import gmsh
import numpy as np
import pytest

from zinterphase.errors import CaseError
from zinterphase.geometry.gmsh_core import gmsh_session
from zinterphase.geometry.meshfile import MeshFile, read_mesh_file
from zinterphase.geometry.meshfile.foreign import FORMATS

VARIANTS = [(version, binary) for version in (2.2, 4.1) for binary in (0, 1)]


def two_squares(path: Path, version: float = 4.1, binary: int = 0, order: int = 1) -> Path:
    """A square of two halves, "lower" and "upper", with "base" below and no name for the top."""
    with gmsh_session():
        lower = gmsh.model.occ.addRectangle(0.0, 0.0, 0.0, 2.0, 1.0)
        upper = gmsh.model.occ.addRectangle(0.0, 1.0, 0.0, 2.0, 1.0)
        gmsh.model.occ.fragment([(2, lower)], [(2, upper)])
        gmsh.model.occ.synchronize()
        lines = {
            round(gmsh.model.occ.getCenterOfMass(1, line)[1], 6): line
            for _, line in gmsh.model.getEntities(1)
        }
        gmsh.model.addPhysicalGroup(2, [lower], 11, "lower")
        gmsh.model.addPhysicalGroup(2, [upper], 12, "upper")
        gmsh.model.addPhysicalGroup(1, [lines[0.0]], 13, "base")
        gmsh.model.addPhysicalGroup(1, [lines[2.0]], 14)
        gmsh.model.mesh.generate(2)
        gmsh.model.mesh.setOrder(order)
        saved = {name: gmsh.option.getNumber(name) for name in ("Mesh.MshFileVersion",)}
        gmsh.option.setNumber("Mesh.MshFileVersion", version)
        gmsh.option.setNumber("Mesh.Binary", binary)
        gmsh.write(str(path))
        gmsh.option.setNumber("Mesh.Binary", 0)
        for name, value in saved.items():
            gmsh.option.setNumber(name, value)
    return path


def sizes(found: MeshFile) -> dict[str, float]:
    """Length or area of each group."""
    total: dict[str, float] = {}
    for block in found.blocks:
        corner = found.points[block.nodes]
        if block.kind == "line":
            size = np.linalg.norm(corner[:, 1] - corner[:, 0], axis=1).sum()
        elif block.kind == "triangle":
            first, second = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
            size = 0.5 * np.linalg.norm(np.cross(first, second), axis=1).sum()
        else:
            continue
        for name in block.groups:
            total[name] = total.get(name, 0.0) + float(size)
    return total


@pytest.mark.parametrize(("version", "binary"), VARIANTS)
def test_msh_of_every_version_gives_its_groups(version: float, binary: int, tmp_path: Path) -> None:
    """Area and length of each group are exact; the group without a name is called by its number."""
    found = read_mesh_file(two_squares(tmp_path / "a.msh", version, binary))
    assert sizes(found) == pytest.approx({"lower": 2.0, "upper": 2.0, "base": 2.0, "14": 2.0})


def scripts(trap: Path) -> list[bytes]:
    """Script text that would leave a file if anything ran it."""
    shell = f'SystemCall "touch {trap}";\n'.encode()
    return [shell, b"Point(1) = {0, 0, 0};\n" + shell, b"// words\n" + shell]


@pytest.mark.parametrize(("version", "binary"), VARIANTS)
def test_script_text_anywhere_in_a_mesh_is_refused_and_does_not_run(
    version: float, binary: int, tmp_path: Path
) -> None:
    """Before, between, inside and behind the sections of an otherwise valid mesh, and alone."""
    trap = tmp_path / "trap"
    good = two_squares(tmp_path / "good.msh", version, binary).read_bytes()
    marks = [b"$MeshFormat", b"$EndMeshFormat", b"$PhysicalNames", b"$Nodes", b"$EndNodes"]
    marks += [b"$Elements", b"$EndElements"]
    places = [0, len(good)]
    for mark in marks:
        at = good.index(mark)
        places += [at, good.index(b"\n", at) + 1]
    path = tmp_path / "bad.msh"
    for script in scripts(trap):
        for bad in [script, *(good[:at] + script + good[at:] for at in places)]:
            path.write_bytes(bad)
            with pytest.raises(CaseError, match=r"mesh\.file = ") as caught:
                read_mesh_file(path)
            assert "\n" not in str(caught.value)
    assert not trap.exists()


def test_no_other_format_runs_a_script(tmp_path: Path) -> None:
    """Gmsh tells a script by its content, whatever the suffix."""
    trap = tmp_path / "trap"
    suffixes = [*FORMATS, ".geo", ".geo_unrolled", ".pos", ".opt", ".brep", ".step", ".MSH", ""]
    for suffix in suffixes:
        path = tmp_path / f"mesh{suffix}"
        path.write_bytes(scripts(trap)[0])
        with pytest.raises(CaseError, match=r"mesh\.file = ") as caught:
            read_mesh_file(path)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 500
    assert not trap.exists()


def test_option_files_of_gmsh_do_not_run(tmp_path: Path) -> None:
    """A home and a working folder full of Gmsh's option files, while our own recipes mesh."""
    trap = tmp_path / "trap"
    for name in (".gmshrc", ".gmsh-options", ".gmsh-session", "gmshrc", "default.geo"):
        (tmp_path / name).write_bytes(scripts(trap)[0])
    code = (
        "from pathlib import Path\n"
        "from zinterphase.geometry.gmsh_core import mesh_rectangle\n"
        "from zinterphase.verification.grids import drawn\n"
        "mesh_rectangle(1.0, lambda x, y: 0.5)\n"
        "corners, edges = [(0, 0), (1, 0), (0, 1)], ['base', 'sides', 'counter']\n"
        "drawn(Path('t.msh'), corners, edges, lambda x, y: 0.5)\n"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "GMSH_HOME": str(tmp_path)}
    words = [sys.executable, "-c", code, "default.geo", str(tmp_path / ".gmshrc")]
    subprocess.run(words, cwd=tmp_path, env=environment, check=True, timeout=60)
    assert (tmp_path / "t.msh").is_file()
    assert not trap.exists()


def test_what_is_no_bounded_file_is_refused_at_once(tmp_path: Path) -> None:
    """A pipe, a device, a folder, an empty and an endless file, by any suffix."""
    begin = time.monotonic()
    for suffix in (".msh", ".node", ".inp", ".vtk"):
        pipe, device, folder, empty, endless = (
            tmp_path / f"{name}{suffix}"
            for name in ("pipe", "device", "folder", "empty", "endless")
        )
        os.mkfifo(pipe)
        device.symlink_to("/dev/zero")
        folder.mkdir()
        empty.touch()
        with endless.open("wb") as stream:
            stream.truncate(2**40)
        for path in (pipe, device, folder, empty, endless, tmp_path / f"absent{suffix}"):
            with pytest.raises(CaseError, match=r"mesh\.file = "):
                read_mesh_file(path)
    assert time.monotonic() - begin < 5.0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"4.1 0 8", b"1.0 0 8"),
        (b"4.1 0 8", b"4.1 0 4"),
        (b"4.1 0 8", b"4.1 1 8"),
        (b"$EndNodes", b""),
        (b"$Nodes", b"$Nodes\n99999999999999"),
        (b"$Elements", b"$Elements\n-1"),
        (b"$Elements", b"$Elements\n1.5"),
        (b"$Elements", b"$Elements\nnan"),
        (b"$Nodes", b"$Unheard"),
        (b'2 11 "lower"', b"2 11 lower"),
    ],
)
def test_damaged_msh_is_refused_in_one_line(old: bytes, new: bytes, tmp_path: Path) -> None:
    path = two_squares(tmp_path / "a.msh")
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))
    with pytest.raises(CaseError, match=r"mesh\.file = .*: allowed ") as caught:
        read_mesh_file(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("version", "binary"), VARIANTS)
def test_msh_cut_anywhere_is_refused(version: float, binary: int, tmp_path: Path) -> None:
    path = two_squares(tmp_path / "a.msh", version, binary)
    content = path.read_bytes()
    for end in np.linspace(1, content.rindex(b"$EndElements"), 40).astype(int):
        path.write_bytes(content[:end])
        with pytest.raises(CaseError, match=r"mesh\.file = "):
            read_mesh_file(path)
