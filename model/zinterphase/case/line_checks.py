"""What a case on a line cannot have: everything that needs a lateral direction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zinterphase.errors import CaseError

if TYPE_CHECKING:
    from zinterphase.case.kinetics import Rate
    from zinterphase.case.schema import Case

ACROSS = "only with dimension = 2 or 3: a line has no lateral direction"


def check_line(case: Case) -> None:
    """Raise CaseError for the first entry that a line gives no meaning."""
    for field, value in _lateral_entries(case):
        raise CaseError(field, value, ACROSS)
    if case.mesh.file is not None:
        raise CaseError("mesh.file", str(case.mesh.file), "only with dimension = 2 or 3")


def _lateral_entries(case: Case) -> Iterator[tuple[str, str]]:
    lengths = {
        "geometry.width": case.geometry.width,
        "geometry.depth": case.geometry.depth,
        "mesh.lateral_size": case.mesh.lateral_size,
        "metrics.smoothing_radius": case.metrics.smoothing_radius,
    }
    yield from ((name, f"{length:g} m") for name, length in lengths.items() if length is not None)
    if case.geometry.coordinates != "planar":
        yield "geometry.coordinates", case.geometry.coordinates
    if case.geometry.surface.shape != "flat":
        yield "geometry.surface.shape", case.geometry.surface.shape
    if case.output.normals:
        yield "output.normals", "given"
    if case.output.animation:
        yield "output.animation", "true"
    for name, kinetics in case.kinetics.items():
        if kinetics.patches is not None:
            yield f"kinetics.{name}.patches", "given"
        yield from _uneven(f"kinetics.{name}", kinetics)
        for reaction, rate in kinetics.further.items():
            yield from _uneven(f"kinetics.{name}.reactions.{reaction}", rate)


def _uneven(where: str, rate: Rate) -> Iterator[tuple[str, str]]:
    """Exchange current densities that vary along the surface."""
    if rate.spread is not None:
        yield f"{where}.spread", "given"
    if rate.map is not None:
        yield f"{where}.map", str(rate.map.file)
