"""Rules that tie several entries of a case together. The first one broken raises CaseError."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from zinterphase.case.geometry import ProtrusionSurface, SinusoidalSurface
from zinterphase.case.kinetic_checks import check_kinetics
from zinterphase.case.levels import IDEAL_LEVELS
from zinterphase.errors import CaseError
from zinterphase.materials.library import AVOGADRO, parameter

if TYPE_CHECKING:
    from zinterphase.case.layers import Layer
    from zinterphase.case.schema import Case

_RESERVED = ("base", "counter", "sides")
_TOLERANCE = 1e-9


def check(case: Case) -> None:
    """Raise CaseError for the first broken rule."""
    _check_geometry(case)
    _check_layers(case)
    _check_surface_clearance(case)
    _check_electrolyte(case)
    check_kinetics(case)
    _check_drive(case)
    _check_wall_law(case)
    _check_numerics(case)
    _check_metrics(case)
    _check_output(case)


def _check_geometry(case: Case) -> None:
    cell = case.geometry
    if cell.dimension == 2 and cell.depth is not None:
        raise CaseError("geometry.depth", f"{cell.depth:g} m", "only with dimension = 3")
    if cell.dimension == 3 and cell.coordinates == "axisymmetric":
        raise CaseError("geometry.coordinates", cell.coordinates, '"planar" with dimension = 3')
    surface = cell.surface
    if isinstance(surface, ProtrusionSurface):
        on_axis = cell.coordinates == "axisymmetric"
        last = 0.0 if on_axis else cell.width
        if not 0.0 <= surface.position <= last:
            allowed = "0 m, the axis" if on_axis else f"0 to {last:g} m"
            raise CaseError("geometry.surface.position", f"{surface.position:g} m", allowed)


def _check_layers(case: Case) -> None:
    names = [layer.name for layer in case.layers]
    for layer in case.layers:
        if layer.name in _RESERVED or names.count(layer.name) > 1:
            allowed = f"unique names other than {', '.join(_RESERVED)}"
            raise CaseError(f"layers.{layer.name}.name", layer.name, allowed)
    if not case.layers or case.layers[-1].material not in ("electrolyte", "separator"):
        top = names[-1] if names else None
        raise CaseError("layers (top)", top, 'a layer of material "electrolyte" or "separator"')
    if not case.layers[0].conducting:
        raise CaseError("layers (bottom)", names[0], "a layer that conducts electrons")
    for layer in case.layers:
        _check_conduction(layer)
        _check_accumulation(layer)
    for below, layer in pairwise(case.layers):
        _check_order(below, layer)


def _check_accumulation(layer: Layer) -> None:
    if layer.accumulation is not None and layer.medium.kind != "porous_conductor":
        allowed = "only in a porous layer with conducting = true"
        raise CaseError(f"layers.{layer.name}.accumulation", "given", allowed)


def _check_conduction(layer: Layer) -> None:
    where = f"layers.{layer.name}"
    kind = layer.medium.kind
    if kind == "dense_insulator":
        allowed = "above 0, or conducting = true: no current can pass a dense insulator"
        raise CaseError(f"{where}.porosity", layer.porosity, allowed)
    if layer.conducting and layer.porosity == 1.0:
        raise CaseError(f"{where}.conducting", True, "false where the porosity is 1")
    if layer.conducting and layer.electronic_conductivity == 0.0:
        raise CaseError(f"{where}.electronic_conductivity", "0 S/m", "above 0 in a conductor")
    potentials = {
        "dense_conductor": ("equipotential", "resolved"),
        "porous_conductor": ("resolved",),
    }
    allowed_potentials = potentials.get(kind, (None,))
    if layer.potential not in allowed_potentials:
        named = [f'"{p}"' for p in allowed_potentials if p]
        allowed = " or ".join(named) or "nothing: the layer does not conduct electrons"
        raise CaseError(f"{where}.potential", layer.potential, allowed)


def _check_order(below: Layer, layer: Layer) -> None:
    if layer.medium.kind != "dense_conductor":
        return
    where = f"layers.{layer.name}"
    if below.medium.kind != "dense_conductor":
        allowed = f"above 0: dense metal over {below.name} would cut it off from the electrolyte"
        raise CaseError(f"{where}.porosity", layer.porosity, allowed)
    if below.potential == "resolved" and layer.potential == "equipotential":
        allowed = f'"resolved", as in {below.name} below it'
        raise CaseError(f"{where}.potential", layer.potential, allowed)


def _check_surface_clearance(case: Case) -> None:
    """A flat face must clear the shaped face below it. Random and measured shapes: geometry."""
    surface = case.geometry.surface
    if isinstance(surface, SinusoidalSurface):
        field, rise, fall = "geometry.surface.amplitude", surface.amplitude, surface.amplitude
    elif isinstance(surface, ProtrusionSurface):
        field, rise, fall = "geometry.surface.height", surface.height, 0.0
    else:
        return
    shaped = True  # the reacting surface itself
    for layer in case.layers[case.dense_count :]:
        flat = layer.top == "flat"
        # A flat face over a shaped one meets its peaks, a shaped over a flat one sinks into it.
        reach = rise if shaped and flat else fall if not shaped and not flat else 0.0
        if reach >= layer.thickness:
            allowed = f"below the thickness of {layer.name}, {layer.thickness:g} m"
            raise CaseError(field, f"{reach:g} m", allowed)
        shaped = not flat


def _check_electrolyte(case: Case) -> None:
    liquid = case.electrolyte
    if liquid.species and (liquid.salt or liquid.concentration is not None):
        given = liquid.salt or f"{liquid.concentration:g} mol/m^3"
        field = "salt" if liquid.salt else "concentration"
        raise CaseError(f"electrolyte.{field}", given, "either a salt or a list of species")
    if not liquid.species and liquid.concentration is None:
        raise CaseError("electrolyte.concentration", None, 'a concentration, such as "2 mol/L"')
    names = [s.name for s in liquid.species]
    for name in names:
        if names.count(name) > 1:
            raise CaseError(f"electrolyte.species.{name}", name, "each name once")
    ions = liquid.resolved_species
    charge = sum(s.charge * s.concentration for s in ions)
    if abs(charge) > _TOLERANCE * sum(abs(s.charge) * s.concentration for s in ions):
        shown = f"{charge:g} mol/m^3 of charge"
        raise CaseError("electrolyte.species", shown, "a neutral bulk, sum of z c = 0")
    if case.level == "concentrated" and liquid.species:
        raise CaseError("electrolyte.species", "given", 'a salt with measured properties: "ZnSO4"')
    if case.level not in IDEAL_LEVELS and liquid.conductivity is None:
        allowed = f'a conductivity, such as "5.65 S/m", at level "{case.level}"'
        raise CaseError("electrolyte.conductivity", None, allowed)
    if case.level == "electroneutral":
        _check_donnan(case)
    _check_packing(case)


def _check_packing(case: Case) -> None:
    diameter = case.electrolyte.steric_diameter
    if diameter is None:
        return
    ions = sum(s.concentration for s in case.electrolyte.resolved_species)
    largest = math.cbrt(1.0 / (AVOGADRO * ions))
    if diameter >= largest:
        allowed = f"below {largest * 1e9:.4g} nm: more ions than sites already in the bulk"
        raise CaseError("electrolyte.steric_diameter", f"{diameter * 1e9:.4g} nm", allowed)


def _check_donnan(case: Case) -> None:
    """Two charged layers in touch would need two potentials of the pores where they meet."""
    for below, layer in pairwise(case.layers):
        if 0.0 not in (below.fixed_charge, layer.fixed_charge):
            if below.fixed_charge == layer.fixed_charge:
                continue
            found = f"{layer.fixed_charge:g} mol/m^3"
            allowed = f'0 or that of {below.name} below it at level "electroneutral"'
            raise CaseError(f"layers.{layer.name}.fixed_charge", found, allowed)


def _check_wall_law(case: Case) -> None:
    """Thin double layers are for levels that know the ions at the wall and do not resolve them."""
    if case.wall_law != "none" and case.level not in ("concentrated", "electroneutral"):
        allowed = f'"none" at level "{case.level}"'
        raise CaseError("wall_law", case.wall_law, allowed)
    diameter = case.electrolyte.steric_diameter
    if case.wall_law != "none" and diameter is not None:
        allowed = "none with wall_law: its diffuse layer is of ideal ions"
        raise CaseError("electrolyte.steric_diameter", f"{diameter * 1e9:.4g} nm", allowed)


def _check_numerics(case: Case) -> None:
    """Fluxes recovered at nodes need positive nodal weights on facets: no P2 triangles."""
    highest = 2 if case.geometry.dimension == 2 else 1
    if case.mesh.order > highest:
        allowed = f"at most {highest} with dimension = {case.geometry.dimension}"
        raise CaseError("mesh.order", case.mesh.order, allowed)


def _check_metrics(case: Case) -> None:
    radius, width = case.metrics.smoothing_radius, min(case.geometry.extents)
    if radius > width:
        allowed = f"at most the width, {width:g} m"
        raise CaseError("metrics.smoothing_radius", f"{radius:g} m", allowed)


def _check_drive(case: Case) -> None:
    counter, control = case.counter, case.control
    known = counter.like is None or counter.like in case.kinetics
    if counter.type == "electrode" and not known:
        allowed = f"a layer with kinetics: {', '.join(case.kinetics)}"
        raise CaseError("counter.like", counter.like, allowed)
    if counter.type == "reservoir" and counter.like is not None:
        raise CaseError("counter.like", counter.like, 'only with type = "electrode"')
    if counter.type == "reservoir" and counter.filling != "equilibrium":
        raise CaseError("counter.filling", counter.filling, 'only with type = "electrode"')
    if (control.current_density is None) == (control.potential is None):
        shown = "neither" if control.potential is None else "both"
        raise CaseError("control", shown, "exactly one of current_density and potential")


def _check_output(case: Case) -> None:
    extents = case.geometry.extents
    points = [("normals", p, len(extents)) for p in case.output.normals]
    points += [("probes", p, len(extents) + 1) for p in case.output.probes]
    for field, point, size in points:
        shown = ", ".join(f"{x:g} m" for x in point)
        if len(point) != size:
            raise CaseError(
                f"output.{field}", shown, f"{size} lengths in {case.geometry.dimension}D"
            )
        if any(not 0.0 <= x <= extent for x, extent in zip(point, extents, strict=False)):
            inside = " and ".join(f"0 to {extent:g} m" for extent in extents)
            raise CaseError(f"output.{field}", shown, f"lateral positions inside {inside}")


def warnings(case: Case) -> tuple[str, ...]:
    """Return what is allowed but worth knowing, one line each."""
    found = [
        f"{field} = {length:g} m: the cell holds fewer than 10 of them"
        for field, length in _correlation_lengths(case)
        if min(case.geometry.extents) < 10.0 * length * (1.0 - _TOLERANCE)
    ]
    surface = case.geometry.surface
    if isinstance(surface, SinusoidalSurface):
        halves = 2.0 * case.geometry.width / surface.wavelength
        if abs(halves - round(halves)) > 1e-6:
            found.append(
                f"geometry.surface.wavelength = {surface.wavelength:g} m: the width is not a "
                "whole number of half waves, the surface has a kink at the side"
            )
    reference = parameter("constants.T").si
    if abs(case.temperature - reference) > 0.5:
        found.append(
            f"temperature = {case.temperature:g} K: library values are those at {reference:g} K"
        )
    return tuple(found)


def _correlation_lengths(case: Case) -> list[tuple[str, float]]:
    surface = case.geometry.surface
    found = []
    if surface.shape == "random":
        found.append(("geometry.surface.correlation_length", surface.correlation_length))
    for name, kinetics in case.kinetics.items():
        if kinetics.spread is not None:
            field = f"kinetics.{name}.spread.correlation_length"
            found.append((field, kinetics.spread.correlation_length))
    return found
