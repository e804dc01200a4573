"""Particles that a layer resolves one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zinterphase.case.quantities import (
    Acidity,
    DataFile,
    Fraction,
    InnerFraction,
    Length,
    Permittivity,
    Ratio,
    Seed,
    SurfaceCharge,
    Switch,
)
from zinterphase.case.sites import Sites
from zinterphase.case.table import Table
from zinterphase.errors import CaseError
from zinterphase.materials.aqueous import PROTON

if TYPE_CHECKING:
    from zinterphase.case.layers import Layer
    from zinterphase.case.schema import Case


INSIDE = "inside of "
"""How the name of the cells in particles begins; the name of their layer follows."""


MOST_CONDUCTIVE = 1e6
"""Conductivity of particles with a potential of their own [S/m]: in cells of a nanometre 1e13 times
that of a charge transfer, which alone fixes the potential of a particle that floats."""


class SurfaceRegulation(Sites):
    """1-pK charge of particles by the pH at their surface: that of the liquid where its protons are
    solved, otherwise that in equilibrium with a bulk of this ``pH``."""

    pH: Acidity | None = None  # noqa: N815


class Packing(Table):
    """Disks (2D) or spheres (3D) in the liquid of a layer, drawn from a seed or from a list.

    Drawn ones have a mean ``diameter`` [m], its standard deviation over it, ``spread``, of a
    log-normal distribution, and leave ``porosity`` of the layer to the liquid; ``file`` is a CSV
    file with the header x,[y,]z,radius in metres, z from the layer's lower face; ``image`` a
    segmented cross-section of the layer with pixels of the length ``pixel`` [m]. ``gap`` [m] is the
    least distance between surfaces, a twentieth of the mean diameter where None; ``neck`` the
    radius of necks between particles that would touch, over that of the smaller one. Where the
    layer conducts, its particles are part of the electrode, with
    ``exchange_current_density_factor`` times the exchange current density of the metal below;
    others carry ``surface_charge`` [C/m2], and what protons make of it by their ``regulation``.
    ``by_particle`` asks for numbers and groups of each one. Their relative ``permittivity`` asks
    for the field inside them, none for its neglect.
    """

    diameter: Length | None = None
    spread: Fraction = 0.0
    porosity: InnerFraction | None = None
    file: DataFile | None = None
    image: DataFile | None = None
    pixel: Length | None = None
    gap: Length | None = None
    neck: Fraction = 0.0
    seed: Seed = 1
    by_particle: Switch = False
    exchange_current_density_factor: Ratio = 1.0
    surface_charge: SurfaceCharge = 0.0
    regulation: SurfaceRegulation | None = None
    permittivity: Permittivity | None = None

    @property
    def drawn(self) -> bool:
        """Whether its particles are drawn from a seed."""
        return self.file is None and self.image is None

    @property
    def charged(self) -> bool:
        """Whether its particles carry charge of their own."""
        return self.surface_charge != 0.0 or self.regulation is not None


def check_packings(case: Case) -> None:
    """Raise CaseError for the first rule that a layer with particles breaks."""
    if not case.packed_layers:
        return
    _check_cell(case, f"layers.{case.packed_layers[0].name}.packing")
    _check_tops(case)
    for layer in case.packed_layers:
        _check_place(case, layer)
        _check_particles(layer)
        _check_image(case, layer)
        _check_liquid(layer, case.electrolyte.permittivity)
        _check_regulation(case, layer)
        _check_by_particle(case, layer)


def _check_cell(case: Case, field: str) -> None:
    """What a mesh of particles cannot be combined with."""
    cell = case.geometry
    for found, allowed in (
        (cell.dimension == 1, "only with dimension = 2 or 3"),
        (cell.coordinates != "planar", 'only with geometry.coordinates = "planar"'),
        (case.mesh.file is not None, "nothing beside mesh.file, which shows the particles"),
        (
            case.mesh.lateral_size is not None,
            "nothing beside mesh.lateral_size: cells follow particles, refine by mesh.refinement",
        ),
        (case.front is not None, "nothing beside front: particles stay where they are"),
        (case.accuracy is not None, "nothing beside accuracy: refine by mesh.refinement"),
        (
            any(layer.medium.kind == "porous_conductor" for layer in case.layers),
            "nothing beside a porous layer that conducts: it has an electronic potential",
        ),
    ):
        if found:
            raise CaseError(field, "given", allowed)


def _check_place(case: Case, layer: Layer) -> None:
    """Particles lie under electrolyte, and conducting ones in touch with the metal."""
    where, number = f"layers.{layer.name}", case.layers.index(layer)
    if layer is case.layers[-1] or number < case.dense_count:
        raise CaseError(f"{where}.packing", "given", "only between metal and the last layer")
    below = case.layers[case.dense_count : number]
    if layer.conducting and any(x.packing is None or not x.conducting for x in below):
        allowed = "false: a layer below does not conduct electrons, so its particles would float"
        raise CaseError(f"{where}.conducting", True, allowed)
    metal = case.layers[case.dense_count - 1]
    if layer.conducting and (layer.potential or "equipotential") != metal.potential:
        allowed = f'"{metal.potential}", as in the metal below, {metal.name}'
        raise CaseError(f"{where}.potential", layer.potential or "equipotential", allowed)
    if layer.potential == "resolved":
        _check_potential(case, layer, metal)
    packing = layer.packing
    assert packing is not None
    if packing.charged and layer.conducting:
        key, found = "surface_charge", f"{packing.surface_charge:g} C/m^2"
        if packing.regulation is not None:
            key, found = "regulation", "given"
        allowed = "none where particles conduct: they have the charge of the metal's compact layer"
        raise CaseError(f"{where}.packing.{key}", found, allowed)
    if packing.permittivity is not None and layer.conducting:
        allowed = "none where particles conduct: there is no field in them"
        raise CaseError(f"{where}.packing.permittivity", f"{packing.permittivity:g}", allowed)
    factor = packing.exchange_current_density_factor
    if factor != 1.0 and not layer.conducting:
        field = f"{where}.packing.exchange_current_density_factor"
        raise CaseError(field, factor, "1 where particles do not conduct: nothing reacts on them")


def _check_tops(case: Case) -> None:
    """Faces beside particles are splines with the metal's own shape, or flat; metal that is meshed
    is flat."""
    rough = case.geometry.surface.shape != "flat"
    metal = case.layers[case.dense_count - 1]
    if rough and metal.potential == "resolved":
        allowed = '"equipotential" on rough metal below particles'
        raise CaseError(f"layers.{metal.name}.potential", "resolved", allowed)
    for layer in case.layers[case.dense_count :]:
        if rough and layer.top == "normal":
            allowed = '"conformal" or "flat" in a cell with particles on rough metal'
            raise CaseError(f"layers.{layer.name}.top", layer.top, allowed)


def _check_potential(case: Case, layer: Layer, metal: Layer) -> None:
    """Charge transfer alone fixes the potential of a particle that floats."""
    where, sigma = f"layers.{layer.name}", layer.electronic_conductivity
    if sigma > MOST_CONDUCTIVE:
        allowed = f"at most {MOST_CONDUCTIVE:.0e} S/m in particles: at more nothing drops in them, "
        allowed += "and rounding hides the potential of one that floats"
        raise CaseError(f"{where}.electronic_conductivity", f"{sigma:.3g} S/m", allowed)
    kinetics = case.kinetics.get(metal.name)
    if kinetics is not None and kinetics.blocking and not kinetics.reactions:
        allowed = '"equipotential": nothing reacts, so that no particle that floats has a potential'
        raise CaseError(f"{where}.potential", "resolved", allowed)


def _check_regulation(case: Case, layer: Layer) -> None:
    """Protons have one activity at a surface: the liquid's, or that of a bulk at rest."""
    assert layer.packing is not None
    walls, field = layer.packing.regulation, f"layers.{layer.name}.packing.regulation.pH"
    if walls is None:
        return
    solved = PROTON in (species.name for species in case.electrolyte.resolved_species)
    if solved and walls.pH is not None:
        allowed = "none where the liquid has its own: protons are solved"
        raise CaseError(field, f"{walls.pH:g}", allowed)
    if not solved and walls.pH is None:
        raise CaseError(field, None, "a pH of the bulk, or an electrolyte.pH to be solved")
    if not solved and case.counter.type != "reservoir":
        allowed = "none without a reservoir: give electrolyte.pH, so that protons are solved"
        raise CaseError(field, f"{walls.pH:g}", allowed)


def _check_by_particle(case: Case, layer: Layer) -> None:
    """The table is one of a steady solution with rate laws."""
    assert layer.packing is not None
    field = f"layers.{layer.name}.packing.by_particle"
    if layer.packing.by_particle and case.protocol:
        raise CaseError(field, True, "false in a case with a protocol: the table is of one state")
    if layer.packing.by_particle and f"{INSIDE}{layer.name}" in case.particles:
        raise CaseError(field, True, "false where a potential in the particles is solved")
    metal = case.layers[case.dense_count - 1]
    if layer.packing.by_particle and metal.potential == "resolved":
        raise CaseError(field, True, f"false where the metal below, {metal.name}, is meshed")
    if layer.packing.by_particle and case.level == "primary":
        raise CaseError(field, True, "false at level primary, whose current no rate law tells")


def _check_particles(layer: Layer) -> None:
    packing, where = layer.packing, f"layers.{layer.name}.packing"
    assert packing is not None
    drawn = {"diameter": packing.diameter, "porosity": packing.porosity}
    for name, value in drawn.items():
        if packing.drawn and value is None:
            allowed = "a diameter and a porosity, or a file, or an image"
            raise CaseError(f"{where}.{name}", None, allowed)
        if not packing.drawn and value is not None:
            allowed = f"nothing beside {'file' if packing.image is None else 'image'}"
            raise CaseError(f"{where}.{name}", f"{value:g}", allowed)
    if packing.diameter is not None and packing.diameter > layer.thickness:
        allowed = f"at most the thickness, {layer.thickness:g} m"
        raise CaseError(f"{where}.diameter", f"{packing.diameter:g} m", allowed)


def _check_image(case: Case, layer: Layer) -> None:
    """An image has outlines of its own, and no particles with a place each."""
    packing, where = layer.packing, f"layers.{layer.name}.packing"
    assert packing is not None
    if (packing.image is None) != (packing.pixel is None):
        key, allowed = ("pixel", "a length") if packing.pixel is None else ("image", "a file")
        raise CaseError(f"{where}.{key}", None, f"{allowed}, as image and pixel belong together")
    if packing.image is None:
        return
    for key, found in (
        ("file", packing.file is not None),
        ("gap", packing.gap is not None),
        ("neck", packing.neck != 0.0),
        ("by_particle", packing.by_particle),
    ):
        if found:
            raise CaseError(f"{where}.{key}", "given", "nothing beside image")
    if case.geometry.dimension != 2:
        raise CaseError(f"{where}.image", "given", "only with dimension = 2: no stack is meshed")
    if case.geometry.surface.shape != "flat":
        raise CaseError(f"{where}.image", "given", 'only on geometry.surface.shape = "flat"')
    if f"{INSIDE}{layer.name}" in case.particles:
        raise CaseError(f"{where}.image", "given", "none where a potential in its solid is solved")


def _check_liquid(layer: Layer, permittivity: float) -> None:
    """Between the particles is free electrolyte: what they do is resolved."""
    free = {
        "porosity": 1.0, "tortuosity_factor": 1.0, "constrictivity": 1.0,
        "permittivity": permittivity, "fixed_charge": 0.0, "specific_area": 0.0,
        "surface_transport": 0.0, "lateral_transport": 1.0,
    }  # fmt: skip
    for name, value in free.items():
        if getattr(layer, name) != value:
            allowed = f"{value:g}, of the liquid between the particles of its packing"
            raise CaseError(f"layers.{layer.name}.{name}", getattr(layer, name), allowed)
