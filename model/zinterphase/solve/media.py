"""Effective properties of the layers as piecewise constant fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dolfinx import fem

from zinterphase.fem_types import Function, FunctionSpace, new_function
from zinterphase.levels.base import LiquidMedia
from zinterphase.materials.media import Medium
from zinterphase.mesh import Domain
from zinterphase.scales import VACUUM_PERMITTIVITY


@dataclass
class MediaFields:
    """DG0 coefficients on the whole mesh, so that compiled forms serve every stack."""

    liquid: LiquidMedia
    electronic_conductivity: Function
    specific_area: Function
    _charge: Function
    _full_charge: Function

    def set_load(self, fraction: float) -> None:
        """Scale the fixed charge."""
        self._charge.x.array[:] = fraction * self._full_charge.x.array


def by_layer(
    domain: Domain, space: FunctionSpace, name: str, values: Mapping[str, float]
) -> Function:
    """A function, of a space of constants by cell, that is constant in each layer of ``values`` and
    zero in others."""
    function = new_function(space, name)
    for layer, value in values.items():
        function.x.array[domain.cell_tags.find(domain.layer_ids[layer])] = value
    return function


def media_fields(domain: Domain, media: Mapping[str, Medium]) -> MediaFields:
    """Tabulate ``media`` (by layer name) on the cells of ``domain``; collective.

    Equal properties share their numbers, but for the fixed charge, which follows the load.
    """
    space = fem.functionspace(domain.mesh, ("DG", 0))
    meshed = {name: m for name, m in media.items() if name in domain.layer_ids}
    made: dict[tuple[float, ...], Function] = {}

    def field(name: str, of: Callable[[Medium], float]) -> Function:
        values = {layer: of(m) for layer, m in meshed.items()}
        key = tuple(values.values())
        if key not in made:
            made[key] = by_layer(domain, space, name, values)
        return fem.Function(space, made[key].x, name=name)

    full_charge = field("full charge", lambda m: m.fixed_charge)
    charge = full_charge.copy()
    charge.name = "fixed_charge"
    liquid = LiquidMedia(
        porosity=field("porosity", lambda m: m.porosity),
        transport=field("transport", lambda m: m.ionic_conductivity_factor),
        permittivity=field("permittivity", lambda m: VACUUM_PERMITTIVITY * m.permittivity),
        fixed_charge=charge,
        charged=field("charged", lambda m: float(m.fixed_charge != 0.0)),
        surface_transport=field("walls", lambda m: m.surface_transport),
        lateral=field("lateral", lambda m: m.lateral_transport),
    )
    return MediaFields(
        liquid,
        field("sigma", lambda m: m.electronic_conductivity),
        field("specific_area", lambda m: m.specific_area),
        charge,
        full_charge,
    )
