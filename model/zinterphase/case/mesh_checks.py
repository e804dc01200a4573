"""What the mesh of a case cannot be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zinterphase.errors import CaseError

if TYPE_CHECKING:
    from zinterphase.case.schema import Case


def check_mesh(case: Case) -> None:
    """Raise CaseError for groups that are none, and for cells that ranks cannot divide."""
    meshed = [layer.name for layer in case.layers if layer.meshed]
    for name in case.mesh.groups:
        if case.mesh.file is None:
            raise CaseError("mesh.groups", name, "only with mesh.file")
        if name not in [*meshed, "base", "counter", "sides"]:
            allowed = f"meshed layers ({', '.join(meshed)}), base, counter or sides"
            raise CaseError("mesh.groups", name, allowed)
    if case.mesh.divisions:
        _check_divisions(case)


def _check_divisions(case: Case) -> None:
    """Cells that are divided on their ranks need formulas for what lies between their vertices."""
    found = None
    if case.geometry.dimension == 1:
        found = "on a line, whose mesh is small: mesh.refinement halves its cells"
    elif case.packed_layers:
        found = "beside particles, whose outlines rank 0 draws: mesh.refinement follows them"
    elif case.front is not None and case.front.remesh:
        found = "beside front.remesh, where rank 0 makes the mesh anew"
    if found is not None:
        raise CaseError("mesh.divisions", case.mesh.divisions, f"0 {found}")
