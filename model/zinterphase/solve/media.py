"""Effective properties of the layers as piecewise constant fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
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
    _full_charge: np.ndarray

    def set_load(self, fraction: float) -> None:
        """Scale the fixed charge."""
        self._charge.x.array[:] = fraction * self._full_charge


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
    """Tabulate ``media`` (by layer name) on the cells of ``domain``; collective."""
    field = partial(by_layer, domain, fem.functionspace(domain.mesh, ("DG", 0)))
    meshed = {name: m for name, m in media.items() if name in domain.layer_ids}
    charge = field("fixed_charge", {n: m.fixed_charge for n, m in meshed.items()})
    liquid = LiquidMedia(
        porosity=field("porosity", {n: m.porosity for n, m in meshed.items()}),
        transport=field("transport", {n: m.ionic_conductivity_factor for n, m in meshed.items()}),
        permittivity=field(
            "permittivity", {n: VACUUM_PERMITTIVITY * m.permittivity for n, m in meshed.items()}
        ),
        fixed_charge=charge,
        charged=field("charged", {n: float(m.fixed_charge != 0.0) for n, m in meshed.items()}),
        surface_transport=field("walls", {n: m.surface_transport for n, m in meshed.items()}),
        lateral=field("lateral", {n: m.lateral_transport for n, m in meshed.items()}),
    )
    return MediaFields(
        liquid,
        field("sigma", {n: m.electronic_conductivity for n, m in meshed.items()}),
        field("specific_area", {n: m.specific_area for n, m in meshed.items()}),
        charge,
        charge.x.array.copy(),
    )
