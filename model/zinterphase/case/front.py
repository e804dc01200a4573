"""The front: the reacting surface that moves with what is plated and stripped."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Annotated, Any, Literal

from zinterphase.case.bounds import Bounds
from zinterphase.case.levels import LEVELS
from zinterphase.case.quantities import Dimensional
from zinterphase.case.raw import RawTable, fill
from zinterphase.case.table import Table
from zinterphase.errors import CaseError
from zinterphase.materials.electrolyte import CATION
from zinterphase.materials.kinetics import surface_energy

if TYPE_CHECKING:
    from zinterphase.case.kinetics import Kinetics
    from zinterphase.case.schema import Case

SURFACE_ENERGY = "surface_energy"
SurfaceEnergy = Annotated[
    float, Dimensional("J/m^2", "a surface energy", "0.9 J/m^2", Bounds(0.0, 1e3))
]


class Front(Table):
    """A front that moves, v.n = i Vm/(nF); the mesh moves with it.

    Layers above the metal ride on the deposit (``film`` "conformal"), stay where they are while it
    grows into the pores of the first ("rigid"), or are lifted as they are by its mean rise, with
    electrolyte between it and them ("lifted"). ``surface_energy`` [J/m2] of the metal
    shifts its equilibrium with the curvature (Gibbs-Thomson); 0 leaves that out, "library" takes
    zinc's. With ``motion`` "columns" nodes move along the stack, so that surfaces stay graphs over
    the electrode plane; "free" ones move anyhow, so that a bare metal may overhang and fold. With
    ``even_nodes`` nodes of columns slide along a surface over a line that stretches unevenly. With
    ``remesh`` the mesh is made anew between the surfaces, with more nodes where they have
    stretched.
    """

    film: Literal["conformal", "rigid", "lifted"] = "conformal"
    surface_energy: SurfaceEnergy = 0.0
    even_nodes: bool = False
    motion: Literal["columns", "free"] = "columns"
    remesh: bool = False


def fill_front(raw: Any) -> None:
    """Replace what the library is asked for by its value."""
    if isinstance(raw, dict):
        table: RawTable = raw
        if table.get(SURFACE_ENERGY) == "library":
            del table[SURFACE_ENERGY]
            fill(table, {SURFACE_ENERGY: surface_energy()})


def film_layers(case: Case) -> tuple[str, ...]:
    """Layers upon the metal that are neither liquid nor separator, upwards; those above the first
    where they are lifted."""
    lifted = case.front is not None and case.front.film == "lifted"
    above = case.layers[case.dense_count + lifted :]
    kept = takewhile(lambda layer: layer.material not in ("electrolyte", "separator"), above)
    return tuple(layer.name for layer in kept)


def check_front(case: Case) -> None:
    """Raise CaseError for a front that cannot move, or carries what does not move with it."""
    if case.front is None:
        return
    if not case.protocol:
        raise CaseError("front", "given", "only with a protocol: nothing grows in a steady state")
    if case.opposite_layers:
        raise CaseError("front", "given", "none in a full cell, whose surfaces stay")
    if case.time.jump is not None:
        raise CaseError("time.jump", "given", "no jump beside front: surfaces must stay")
    films = film_layers(case)
    if case.front.film == "rigid" and not films:
        raise CaseError("front.film", "rigid", "a porous layer upon the metal to grow into")
    if case.front.film == "rigid" and films[0] in case.kinetics:
        allowed = f"conformal: metal is plated throughout the pores of {films[0]}"
        raise CaseError("front.film", "rigid", allowed)
    if case.front.film == "lifted":
        _check_lifted(case, films)
    if case.front.even_nodes:
        _check_rearranged(case, films, "even_nodes")
    if case.front.motion == "free":
        _check_free(case, films)
    if case.front.remesh:
        _check_rearranged(case, films, "remesh")
        _check_remade(case)
    for name, kinetics in case.kinetics.items():
        if kinetics.reactant != CATION:
            allowed = f"{CATION} beside front: no other metal's volume is known"
            raise CaseError(f"kinetics.{name}.reactant", kinetics.reactant, allowed)
        if kinetics.has_states:
            allowed = "beside front no coverage that grows and no alloying"
            raise CaseError(f"kinetics.{name}", "a surface that changes", allowed)
    if case.electrolyte.precipitates:
        raise CaseError("electrolyte.precipitates", "given", "none beside front")


def _check_rearranged(case: Case, films: tuple[str, ...], key: str) -> None:
    """A surface over a line, of straight facets, and nothing on it that stays or reacts."""
    found, front = None, case.front
    if case.geometry.dimension != 2:
        found = "geometry.dimension 2"
    elif case.mesh.order != 1:
        found = "mesh.order 1"
    elif front is not None and front.film != "conformal":
        found = "front.film conformal"
    elif any(name in case.kinetics for name in films):
        found = "layers upon the metal that do not react"
    if found is not None:
        raise CaseError(f"front.{key}", "true", f"only with {found}")


def _check_remade(case: Case) -> None:
    """A mesh that the recipe of layers makes, or one between surfaces that may fold, and nothing
    that lives on its own cells."""
    found = None
    is_free = case.front is not None and case.front.motion == "free"
    if case.mesh.file is not None and not is_free:
        found = 'a mesh that is made from the layers, without mesh.file, or front.motion "free"'
    elif case.packed_layers:
        found = "layers without particles that are meshed one by one"
    elif LEVELS[case.level].double_layer:
        found = "a level without resolved double layers"
    if found is not None:
        raise CaseError("front.remesh", "true", f"only with {found}")


def _check_free(case: Case, films: tuple[str, ...]) -> None:
    """A bare metal over a line, of straight facets that spread by themselves."""
    found, front = None, case.front
    if case.geometry.dimension != 2:
        found = "geometry.dimension 2"
    elif case.mesh.order != 1:
        found = "mesh.order 1"
    elif films:
        found = "electrolyte upon the metal: no film follows a surface that folds"
    elif front is not None and front.even_nodes:
        found = "front.even_nodes false: nodes keep even by themselves"
    elif any(_is_uneven(k) for k in case.kinetics.values()):
        found = "kinetics that are the same all along the surface: its nodes slide along it"
    elif any(k.isolation is not None and k.isolation.exponent > 0 for k in case.kinetics.values()):
        found = "an isolation that does not go with the roughness, which a fold has none of"
    if found is not None:
        raise CaseError("front.motion", "free", f"only with {found}")


def _is_uneven(kinetics: Kinetics) -> bool:
    """Whether the laws of a surface differ from place to place."""
    laws = kinetics.rates.values()
    return kinetics.patches is not None or any(r.spread or r.map for r in laws)


def _check_lifted(case: Case, films: tuple[str, ...]) -> None:
    """Electrolyte, a plane film of any number of layers, and liquid above it."""
    gap = case.layers[case.dense_count]
    if gap.material != "electrolyte" or not films:
        allowed = "a layer of electrolyte upon the metal, and a film upon that"
        raise CaseError("front.film", "lifted", allowed)
    for name in films:
        if name in case.kinetics:
            allowed = f"conformal: metal is plated in the pores of {name}, which touch the metal"
            raise CaseError("front.film", "lifted", allowed)
    for layer in case.layers:
        if layer.name in (gap.name, *films) and layer.top != "flat":
            allowed = '"flat" where the film is lifted as a whole'
            raise CaseError(f"layers.{layer.name}.top", layer.top, allowed)
