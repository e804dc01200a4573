"""Rules that tie several entries of a case together. The first one broken raises CaseError."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from zinterphase.case.active import check_active
from zinterphase.case.aqueous import check_aqueous
from zinterphase.case.front import check_front
from zinterphase.case.geometry import ProtrusionSurface, RandomSurface, SinusoidalSurface
from zinterphase.case.kinetic_checks import check_kinetics, require_few_modes
from zinterphase.case.level_checks import check_level
from zinterphase.case.line_checks import check_line
from zinterphase.case.mesh_checks import check_mesh
from zinterphase.case.packing import check_packings
from zinterphase.case.time_checks import check_in_time
from zinterphase.errors import CaseError
from zinterphase.materials.electrolyte import ANION, ZINC_SULPHATE
from zinterphase.scales import AVOGADRO

if TYPE_CHECKING:
    from zinterphase.case.layers import Layer
    from zinterphase.case.schema import Case

_RESERVED = ("base", "counter", "sides")
_TOLERANCE = 1e-9
SMALLEST_CELL = 1e-11
"""First cells below it are worth a warning [m]: no continuum is that fine."""


FITTED_BESIDE = (ANION, "HSO4-", "OH-")
"""Anions of the liquids in which the library's exchange current densities were fitted."""


def check(case: Case) -> None:
    """Raise CaseError for the first broken rule."""
    _check_geometry(case)
    _check_layers(case)
    _check_surface_clearance(case)
    check_packings(case)
    _check_electrolyte(case)
    check_level(case, case.level)
    check_kinetics(case)
    check_active(case)
    _check_drive(case)
    check_front(case)
    _check_wall_law(case)
    check_mesh(case)
    _check_metrics(case)
    _check_output(case)


def _check_geometry(case: Case) -> None:
    if case.geometry.dimension == 1:
        check_line(case)
    else:
        _check_extents(case)


def _check_extents(case: Case) -> None:
    cell = case.geometry
    if cell.width is None:
        raise CaseError("geometry.width", None, 'a width, such as "10 um", or dimension = 1')
    if cell.dimension == 2 and cell.depth is not None:
        raise CaseError("geometry.depth", f"{cell.depth:g} m", "only with dimension = 3")
    if cell.dimension == 3 and cell.coordinates == "axisymmetric":
        raise CaseError("geometry.coordinates", cell.coordinates, '"planar" with dimension = 3')
    surface = cell.surface
    if isinstance(surface, RandomSurface):
        _check_random_surface(surface, cell.extents)
    if isinstance(surface, ProtrusionSurface):
        on_axis = cell.coordinates == "axisymmetric"
        last = 0.0 if on_axis else cell.width
        if not 0.0 <= surface.position <= last:
            allowed = "0 m, the axis" if on_axis else f"0 to {last:g} m"
            raise CaseError("geometry.surface.position", f"{surface.position:g} m", allowed)


def _check_random_surface(surface: RandomSurface, extents: tuple[float, ...]) -> None:
    where = "geometry.surface"
    require_few_modes(f"{where}.correlation_length", surface.correlation_length, extents)
    if surface.rms > surface.correlation_length:
        allowed = f"at most correlation_length, {surface.correlation_length:g} m: steeper faces"
        raise CaseError(f"{where}.rms", f"{surface.rms:g} m", f"{allowed} cannot be meshed")


def _check_layers(case: Case) -> None:
    names = [layer.name for layer in case.layers]
    for layer in case.layers:
        if layer.name in _RESERVED or names.count(layer.name) > 1:
            allowed = f"unique names other than {', '.join(_RESERVED)}"
            raise CaseError(f"layers.{layer.name}.name", layer.name, allowed)
    for layer in case.layers:
        _check_conduction(layer)
        _check_accumulation(case, layer)
        _check_top(case, layer)
    collectors = case.collector_count if case.opposite_layers else 0
    below_collectors = case.layers[: len(case.layers) - collectors]
    for below, layer in pairwise(below_collectors):
        _check_order(below, layer)
    for layer in case.layers[len(below_collectors) :]:
        if layer.potential == "resolved":
            allowed = '"equipotential" in the collector of a counter electrode'
            raise CaseError(f"layers.{layer.name}.potential", layer.potential, allowed)


def _check_top(case: Case, layer: Layer) -> None:
    """Films grow along the normal of what is below them; the surface itself has its shape."""
    if layer.top == "normal" and (layer is case.layers[-1] or layer.porosity == 0.0):
        allowed = '"conformal" or "flat" but in a film between metal and electrolyte'
        raise CaseError(f"layers.{layer.name}.top", layer.top, allowed)


def _check_accumulation(case: Case, layer: Layer) -> None:
    if layer.accumulation is None:
        return
    if layer.medium.kind != "porous_conductor" or layer in case.opposite_layers:
        allowed = "only in a porous layer with conducting = true, not in a counter electrode"
        raise CaseError(f"layers.{layer.name}.accumulation", "given", allowed)


def _check_conduction(layer: Layer) -> None:
    where = f"layers.{layer.name}"
    kind = layer.medium.kind
    if kind == "dense_insulator":
        allowed = "above 0, or conducting = true: no current can pass a dense insulator"
        raise CaseError(f"{where}.porosity", layer.porosity, allowed)
    if layer.conducting and layer.porosity == 1.0 and layer.packing is None:
        raise CaseError(f"{where}.conducting", True, "false where the porosity is 1")
    if layer.conducting and layer.electronic_conductivity == 0.0:
        raise CaseError(f"{where}.electronic_conductivity", "0 S/m", "above 0 in a conductor")
    _check_charge_of_metal(layer)
    potentials = {
        "dense_conductor": ("equipotential", "resolved"),
        "porous_conductor": ("resolved",),
    }
    allowed_potentials: tuple[str | None, ...] = potentials.get(kind, (None,))
    if layer.conducting and layer.packing is not None:
        allowed_potentials = (None, "equipotential", "resolved")
    if layer.potential not in allowed_potentials:
        named = [f'"{p}"' for p in allowed_potentials if p]
        allowed = " or ".join(named) or "nothing: the layer does not conduct electrons"
        raise CaseError(f"{where}.potential", layer.potential, allowed)


def _check_charge_of_metal(layer: Layer) -> None:
    """Charge sits in pores and on faces of layers with electrolyte."""
    for name, unit in (("fixed_charge", "mol/m^3"), ("surface_charge", "C/m^2")):
        value = getattr(layer, name)
        if layer.medium.kind == "dense_conductor" and value != 0.0:
            allowed = "0 in dense metal, which screens it"
            raise CaseError(f"layers.{layer.name}.{name}", f"{value:g} {unit}", allowed)


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
        # Along the normal of a flat face lies a flat one.
        flat = layer.top == "flat" or (layer.top == "normal" and not shaped)
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
    names = [s.name for s in liquid.species]
    for name in names:
        if names.count(name) > 1:
            raise CaseError(f"electrolyte.species.{name}", name, "each name once")
    check_aqueous(liquid)
    free = {s.name: s.concentration for s in liquid.resolved_species}
    ions = [(s.charge, s.concentration) for s in liquid.resolved_species]
    ions += [(c.charge, c.beside(free)) for c in liquid.resolved_complexes]
    charge = sum(z * c for z, c in ions)
    if abs(charge) > _TOLERANCE * sum(abs(z) * c for z, c in ions):
        shown = f"{charge:g} mol/m^3 of charge"
        raise CaseError("electrolyte.species", shown, "a neutral bulk, sum of z c = 0")
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


def _check_wall_law(case: Case) -> None:
    """Thin double layers are those of ideal points."""
    diameter = case.electrolyte.steric_diameter
    if case.wall_law != "none" and diameter is not None:
        allowed = "none with wall_law: its diffuse layer is of ideal ions"
        raise CaseError("electrolyte.steric_diameter", f"{diameter * 1e9:.4g} nm", allowed)


def _check_metrics(case: Case) -> None:
    radius, width = case.metrics.radius, min(case.geometry.extents, default=0.0)
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
    if case.protocol:
        check_in_time(case)
    elif (control.current_density is None) == (control.potential is None):
        shown = None if control.potential is None else "both"
        allowed = "exactly one of current_density and potential, or a protocol instead"
        raise CaseError("control", shown, allowed)


def _check_output(case: Case) -> None:
    if case.output.animation and not case.protocol:
        raise CaseError("output.animation", "true", "false without a protocol")
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
        halves = 2.0 * case.geometry.extents[0] / surface.wavelength
        if abs(halves - round(halves)) > 1e-6:
            found.append(
                f"geometry.surface.wavelength = {surface.wavelength:g} m: the width is not a "
                "whole number of half waves, the surface has a kink at the side"
            )
    first = case.mesh.first_cell
    if first is not None and first < SMALLEST_CELL:
        found.append(f"mesh.first_cell = {first:g} m: finer than an atom")
    found += _kinetics_of_another_salt(case)
    return tuple(found)


def _kinetics_of_another_salt(case: Case) -> list[str]:
    """The library's exchange current densities were fitted in sulfate."""
    others = [
        s.name
        for s in case.electrolyte.species
        if s.charge < 0 and s.name not in FITTED_BESIDE and s.concentration > 0.0
    ]
    fields = [
        entry.field
        for entry in (case.provenance if others else ())
        if entry.field.endswith(".exchange_current_density") and entry.basis != "given"
    ]
    return [
        f"{field}: the library's was fitted in {ZINC_SULPHATE}, here beside {', '.join(others)}"
        for field in fields
    ]


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
