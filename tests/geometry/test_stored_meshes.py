"""Meshes that are kept, and those that come from files."""

from __future__ import annotations

import io
import runpy
from dataclasses import replace
from pathlib import Path

import meshio
import numpy as np
import pytest

from zinterphase.errors import CaseError
from zinterphase.geometry import cache
from zinterphase.geometry.build import build
from zinterphase.geometry.cache import cached_build
from zinterphase.geometry.export import export_msh
from zinterphase.geometry.surface import (
    Flat,
    HeightMap,
)
from zinterphase.geometry.user import load_user_mesh

from .recipes import UM, facets, random, recipe, table, volume

MESHES = Path(__file__).parents[2] / "meshes"


def test_builds_are_reproducible_and_keys_tell_recipes_apart() -> None:
    spec = recipe(random(3), 3, first=1e-7)
    assert build(spec).checksum == build(spec).checksum
    same = recipe(random(3), 3, first=1e-7)
    assert spec.key() == same.key()
    assert hash(spec) == hash(same)
    other = replace(spec, growth=1.31)
    moved = replace(spec, surface=replace(spec.surface, seed=2))
    mapped = [
        replace(spec, surface=table(3)),
        replace(
            spec,
            surface=HeightMap(replace(table(3).table, values=(*table(3).table.values[:-1], 0.0))),
        ),
    ]
    keys = {r.key() for r in (spec, other, moved, *mapped)}
    assert len(keys) == 5


def test_cache_returns_the_same_mesh_and_replaces_a_damaged_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZINTERPHASE_CACHE", str(tmp_path))
    spec = recipe(Flat(), first=1e-7)
    first = cached_build(spec)
    path = tmp_path / "meshes" / f"{spec.key()}.npz"
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    with monkeypatch.context() as patch:
        patch.setattr(cache, "build", lambda _: pytest.fail("built although cached"))
        assert cached_build(spec).checksum == first.checksum
    cached_build(recipe(Flat(), first=2e-7))
    (other,) = set(path.parent.iterdir()) - {path}
    with np.load(path) as data:
        arrays = dict(data)
    damages = [path.read_bytes()[:2000], b"", b"PK not a mesh", other.read_bytes()]
    damages += [archive(arrays | {"header": np.array(text)}) for text in ("null", "[]", "{", "{}")]
    damages += [archive(arrays | {"cells": np.zeros(3, dtype=object)})]
    for damage in damages:
        path.write_bytes(damage)
        assert cached_build(spec).checksum == first.checksum
        stored = cache.load(path)
        assert stored is not None
        assert stored.checksum == first.checksum


def archive(arrays: dict[str, np.ndarray]) -> bytes:
    """The bytes of an .npz file."""
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


@pytest.mark.parametrize("dimension", [2, 3])
def test_tiny_meshes_are_those_of_their_recipe(dimension: int, tmp_path: Path) -> None:
    make = runpy.run_path(str(MESHES / "make_tiny.py"))
    built = build(make["tiny_recipe"](dimension))
    stored = load_user_mesh(MESHES / f"film_{dimension}d.msh", list(built.layer_ids), dimension)
    assert dict(stored.facet_ids) == dict(built.facet_ids)
    for layer in built.layer_ids:
        assert volume(stored, layer) == pytest.approx(volume(built, layer), rel=1e-12)
    for name in built.facet_ids:
        assert len(facets(stored, name)) == len(facets(built, name))
    make["main"](tmp_path)
    again = load_user_mesh(tmp_path / f"film_{dimension}d.msh", list(built.layer_ids), dimension)
    np.testing.assert_allclose(np.sort(again.points, axis=0), np.sort(stored.points, axis=0))


def test_user_mesh_in_micrometres(tmp_path: Path) -> None:
    mesh = build(recipe(random(2), first=1e-7))
    path = tmp_path / "user.msh"
    export_msh(mesh, path, unit=UM)
    loaded = load_user_mesh(path, ["film", "electrolyte"], 2, unit=UM)
    np.testing.assert_allclose(loaded.points, mesh.points, rtol=1e-12, atol=1e-18)
    for name in mesh.facet_ids:
        assert sorted(map(tuple, facets(loaded, name))) == sorted(map(tuple, facets(mesh, name)))


def test_user_mesh_by_meshio(tmp_path: Path) -> None:
    mesh = build(recipe(random(2), first=1e-7))
    blocks, sets = [], {}
    for name, tag in mesh.layer_ids.items():
        sets[name] = len(blocks)
        blocks.append(("triangle", mesh.cells[mesh.cell_tags == tag]))
    for name in ("base", "counter"):
        sets[name] = len(blocks)
        blocks.append(("line", facets(mesh, name)))
    chosen = {
        name: [np.arange(len(b[1])) if k == at else np.zeros(0, int) for k, b in enumerate(blocks)]
        for name, at in sets.items()
    }
    points = np.column_stack([mesh.points, np.zeros(len(mesh.points))])
    path = tmp_path / "user.inp"
    meshio.write(path, meshio.Mesh(points, blocks, cell_sets=chosen))
    loaded = load_user_mesh(path, list(mesh.layer_ids), 2)
    assert volume(loaded, "film") == pytest.approx(volume(mesh, "film"), rel=1e-9)
    assert set(loaded.facet_ids) == {"base", "counter", "film|electrolyte"}


def test_bad_user_groups_are_named(tmp_path: Path) -> None:
    mesh = build(recipe(Flat(), first=1e-7))
    path = tmp_path / "user.msh"
    export_msh(mesh, path)
    for layers in (["film"], ["film", "elektrolyte"], ["film", "electrolyte", "silver"]):
        with pytest.raises(CaseError, match=r"mesh\.file = .*present are cells .*'film'"):
            load_user_mesh(path, layers, 2)
    ids = dict(mesh.facet_ids)
    ids["bsae"] = ids.pop("base")
    export_msh(replace(mesh, facet_ids=ids), path)
    with pytest.raises(CaseError, match=r"\"base\" and \"counter\"; present are .*'bsae'"):
        load_user_mesh(path, ["film", "electrolyte"], 2)
    inner = dict(mesh.facet_ids)
    inner["base"], inner["film|electrolyte"] = inner["film|electrolyte"], inner["base"]
    export_msh(replace(mesh, facet_ids=inner), path)
    with pytest.raises(CaseError, match="on the outline"):
        load_user_mesh(path, ["film", "electrolyte"], 2)


def test_files_that_are_no_meshes_are_refused(tmp_path: Path) -> None:
    for name, content in (("a.msh", "no mesh"), ("a.vtk", "no mesh"), ("a.xyz", "")):
        path = tmp_path / name
        path.write_text(content)
        with pytest.raises(CaseError, match=r"mesh\.file"):
            load_user_mesh(path, ["film"], 2)
    with pytest.raises(CaseError, match="existing"):
        load_user_mesh(tmp_path / "missing.msh", ["film"], 2)
