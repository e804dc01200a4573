"""Program that reads one file by meshio and writes its arrays to standard output as .npz.

Arguments: path, meshio's name of the format, bytes of memory, seconds. It imports nothing of the
package, so that it starts fast. A failure ends as one line on standard error and exit code 1.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
from typing import Any

import numpy as np


def main(path: str, form: str, memory: str, seconds: str) -> None:
    """Read, group and write."""
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What the readers print is no part of the result.
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        import meshio

        mesh = meshio.read(path, file_format=form)
        blocks = [block for k in range(len(mesh.cells)) for block in _blocks(mesh, k)]
    arrays = {f"nodes{k}": nodes for k, (_, nodes, _) in enumerate(blocks)}
    described = json.dumps([(kind, groups) for kind, _, groups in blocks])
    buffer = io.BytesIO()
    np.savez(buffer, points=mesh.points, blocks=np.array(described), **arrays)
    sys.stdout.buffer.write(buffer.getvalue())
    sys.stdout.buffer.flush()


def _blocks(mesh: Any, k: int) -> list[tuple[str, Any, list[str]]]:
    """(kind, nodes, group names) of each set of elements of block k in the same groups."""
    block = mesh.cells[k]
    count = len(block.data)
    groups: dict[str, Any] = {}
    for name, selected in mesh.cell_sets.items():
        if not name.startswith("gmsh:") and selected[k] is not None and len(selected[k]):
            groups[name] = np.isin(np.arange(count), np.asarray(selected[k], dtype=np.int64))
    key = _numbered(mesh)
    if key is not None:
        numbers = np.asarray(mesh.cell_data[key][k])
        for number in np.unique(numbers[numbers != 0]):
            for name in _names(mesh, key, int(number), block.dim):
                groups[name] = groups.get(name, np.zeros(count, bool)) | (numbers == number)
    if not groups:
        return [(block.type, block.data, [])]
    names = list(groups)
    patterns, index = np.unique(
        np.column_stack([groups[name] for name in names]), axis=0, return_inverse=True
    )
    return [
        (block.type, block.data[index.ravel() == j], [names[n] for n in np.flatnonzero(row)])
        for j, row in enumerate(patterns)
    ]


def _numbered(mesh: Any) -> str | None:
    """Key of the cell data that number the groups: by its usual name, else the only integers."""
    whole = [
        key
        for key, parts in mesh.cell_data.items()
        if all(np.ndim(part) == 1 and np.asarray(part).dtype.kind in "iu" for part in parts)
    ]
    usual = [key for key in whole if key.rpartition(":")[2] in USUAL_KEYS]
    candidates = usual or whole
    return candidates[0] if usual or len(whole) == 1 else None


USUAL_KEYS = ("physical", "ref", "tag", "index", "cell_tags")
"""Of gmsh:physical, medit:ref, nastran:ref, ugrid:ref, su2:tag, netgen:index, MED's families."""


def _names(mesh: Any, key: str, number: int, dimension: int) -> list[str]:
    """Names of a numbered group: from the field data or MED's families, else its number."""
    for name, entry in mesh.field_data.items():
        if [int(value) for value in np.ravel(entry)] == [number, dimension]:
            return [name]
    families = getattr(mesh, "cell_tags", {}) if key == "cell_tags" else {}
    return [str(name) for name in families.get(number, [number])]


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except ModuleNotFoundError as error:
        os.write(2, f"it needs the package {error.name}: pip install {error.name}".encode())
        os._exit(1)
    except BaseException as error:  # meshio ends the program on some files
        text = " ".join(str(error).split()) or type(error).__name__
        os.write(2, text.encode("utf-8", "replace"))
        os._exit(1)
