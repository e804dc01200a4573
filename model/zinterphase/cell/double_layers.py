"""How thin the double layers of a case become under its load: estimated in one dimension.

Every layer is taken in equilibrium with the bulk; what drives the current is overpotential alone.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import inf

from zinterphase.case import Layer
from zinterphase.case.levels import LEVELS
from zinterphase.case.plan import imposed
from zinterphase.cell.electrodes import Cell, ElectrodeParts, ReactingWall
from zinterphase.cell.rates import current_density
from zinterphase.cell.space_charge import SpaceCharge, face_potential, falling_root, wall_potential
from zinterphase.scales import VACUUM_PERMITTIVITY

Ends = tuple[float, float]


def compressed_lengths(cell: Cell) -> dict[str, Ends]:
    """Thickness [m] of the double layers at the lower and upper end of each layer with electrolyte.

    Infinite where there is none, or where it is as thick as a weak one (the Debye length); the
    level must resolve them.
    """
    names = cell.stack.liquid
    if not LEVELS[cell.case.level].double_layer:
        return dict.fromkeys(names, (inf, inf))
    found = [_lengths_at(cell, metals) for metals in _loads(cell)]
    return {
        name: (min(each[name][0] for each in found), min(each[name][1] for each in found))
        for name in names
    }


def _lengths_at(cell: Cell, metals: Ends) -> dict[str, Ends]:
    """The same at one load."""
    names, (metal, opposite) = cell.stack.liquid, metals
    layers = [layer for layer in cell.case.layers if layer.name in names]
    lower, upper = [_at_wall(cell, cell.working, layers[0], metal)], []
    spaces = [
        _space_charge(cell, layer, opposite if layer.name in cell.stack.opposite else metal)
        for layer in layers
    ]
    for below, (first, second) in zip(layers[:-1], pairwise(spaces), strict=True):
        face = face_potential(first, second, below.surface_charge)
        upper.append(first.length(face))
        lower.append(second.length(face))
    upper.append(
        inf if cell.counter is None else _at_wall(cell, cell.counter, layers[-1], opposite)
    )
    return dict(zip(names, zip(lower, upper, strict=True), strict=True))


def _loads(cell: Cell) -> list[Ends]:
    """Potentials [RT/F] of both metals against the gauge, in a liquid at the bulk's potential: at
    the control, or at rest and at everything a protocol imposes."""
    control, gauge = cell.case.control, cell.working.equilibrium_potential
    blocking = not cell.working.surface.reactions
    if cell.case.protocol:
        zero = cell.voltage_at_gauge
        currents, voltages = imposed(cell.case.protocol)
        found = [_at_voltage(cell, voltage - zero) for voltage in voltages]
        found += [] if blocking else [_carrying(cell, current) for current in (0.0, *currents)]
        return found or [(0.0, 0.0)]
    if control.current_density is not None:
        return [_carrying(cell, control.current_density)]
    assert control.potential is not None
    return [_at_voltage(cell, control.potential - gauge)]


def _at_voltage(cell: Cell, volts: float) -> Ends:
    """At a voltage against the other electrode, or the equilibrium with a reservoir."""
    wanted = volts / cell.bulk.thermal_voltage
    if cell.counter is None:
        return wanted, 0.0
    if not cell.working.surface.reactions:
        return wanted / 2, -wanted / 2
    # Both electrodes share the voltage so that one current flows.
    return _sharing(cell, wanted)


def _carrying(cell: Cell, current: float) -> Ends:
    working = _metal_at(cell, cell.working, current)
    return working, 0.0 if cell.counter is None else _metal_at(cell, cell.counter, -current)


def _sharing(cell: Cell, voltage: float) -> Ends:
    """Potentials with the difference ``voltage`` at which both carry the same current."""
    assert cell.counter is not None
    counter = cell.counter

    def surplus(metal: float) -> float:
        return -_current(cell, cell.working, metal) - _current(cell, counter, metal - voltage)

    metal = falling_root(surplus, 0.0)
    return metal, metal - voltage


def _metal_at(cell: Cell, electrode: ElectrodeParts, current: float) -> float:
    """Potential [RT/F] of a metal that carries a current density [A/m2]."""
    return falling_root(lambda metal: current - _current(cell, electrode, metal), 0.0)


def _current(cell: Cell, electrode: ElectrodeParts, metal: float) -> float:
    """Current density [A/m2] of an electrode's surface and pores."""
    layers = {layer.name: layer for layer in cell.case.layers}
    first = layers[cell.stack.liquid[0 if electrode is cell.working else -1]]
    plane = _plane(cell, electrode, first, metal)
    total = electrode.surface.wetted * _rate(cell, electrode, electrode.surface, metal, plane)
    for wall in electrode.pores:
        layer = layers[wall.layer]
        inside = _space_charge(cell, layer, metal).inside
        total += layer.wall_area * _rate(cell, electrode, wall, metal, inside)
    return total


def _rate(
    cell: Cell, electrode: ElectrodeParts, wall: ReactingWall, metal: float, plane: float
) -> float:
    gauge, voltage = electrode.equilibrium_potential, cell.bulk.thermal_voltage
    charges = cell.bulk.charges
    return sum(
        current_density(reaction, metal - plane, plane, charges, gauge, voltage)
        for reaction in wall.reactions
    )


def _at_wall(cell: Cell, electrode: ElectrodeParts, layer: Layer, metal: float) -> float:
    """Thickness [m] of the double layer at an electrode's surface, its islands' included."""
    space = _space_charge(cell, layer, metal)
    planes = (
        _plane_of(cell, electrode, space, metal, pzc) for pzc in _uncharged(electrode.surface)
    )
    return min(map(space.length, planes))


def _plane(cell: Cell, electrode: ElectrodeParts, layer: Layer, metal: float) -> float:
    space = _space_charge(cell, layer, metal)
    return _plane_of(cell, electrode, space, metal, electrode.surface.kinetics.pzc)


def _plane_of(
    cell: Cell, electrode: ElectrodeParts, space: SpaceCharge, metal: float, pzc: float
) -> float:
    wall, uncharged = electrode.surface, metal - _against_gauge(cell, electrode, pzc)
    return wall_potential(space, wall.wetted * wall.kinetics.stern_capacitance, uncharged)


def _uncharged(wall: ReactingWall) -> Iterator[float]:
    """Potentials of zero charge on a surface [V, scale of the case]."""
    yield wall.kinetics.pzc
    if wall.kinetics.patches is not None and wall.kinetics.patches.pzc is not None:
        yield wall.kinetics.patches.pzc


def _against_gauge(cell: Cell, electrode: ElectrodeParts, potential: float) -> float:
    return (potential - electrode.equilibrium_potential) / cell.bulk.thermal_voltage


def _space_charge(cell: Cell, layer: Layer, metal: float) -> SpaceCharge:
    """Of a layer; ``metal`` is the potential [RT/F] of the electrode that it conducts for."""
    bulk, medium = cell.bulk, layer.medium
    capacitance = zero = 0.0
    for electrode in cell.electrodes:
        for wall in electrode.pores:
            if wall.layer == layer.name:
                capacitance = medium.specific_area * wall.kinetics.stern_capacitance
                zero = metal - _against_gauge(cell, electrode, wall.kinetics.pzc)
    return SpaceCharge(
        ions=tuple((charge, bulk.held(name)) for name, charge in bulk.charges.items()),
        porosity=medium.porosity,
        fixed_charge=medium.fixed_charge,
        permittivity=VACUUM_PERMITTIVITY * medium.permittivity,
        thermal_voltage=bulk.thermal_voltage,
        site_volume=bulk.site_volume,
        pore_capacitance=capacitance,
        pore_potential=zero,
    )
