"""Double layers that a mesh resolves, and the cells that this takes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from zinterphase.case.levels import LEVELS
from zinterphase.cell.double_layers import compressed_lengths
from zinterphase.cell.electrodes import cell_of
from zinterphase.materials.library import parameter

if TYPE_CHECKING:
    from zinterphase.case import Case
    from zinterphase.case.layers import Layer

# One per cent of flux with P1 needs 0.6 Debye lengths where the Frumkin correction rules.
_CELLS_PER_DEBYE_LENGTH = 0.3
# With it the charge of a compressed layer is within 2 % at any drop, of ideal ions and of those
# with a size; up to some 2 RT/zF a third of the Debye length is the smaller one.
_CELLS_PER_COMPRESSED_LENGTH = 0.5
# No mean field holds within an atom: a layer thinner than this [m] is not followed.
_THINNEST = 1e-12


@dataclass(frozen=True)
class DoubleLayer:
    """At one end of a layer with electrolyte.

    ``weak`` [m] is its thickness without a drop, ``compressed`` that under the load of the case,
    infinite where the drop is small.
    """

    weak: float
    compressed: float

    @property
    def cell(self) -> float:
        """First cell [m] that resolves it."""
        narrow = _CELLS_PER_COMPRESSED_LENGTH * max(self.compressed, _THINNEST)
        return min(_CELLS_PER_DEBYE_LENGTH * self.weak, narrow)

    @property
    def thickness(self) -> float:
        """Of its charge [m]."""
        return min(self.weak, self.compressed)


Ends = tuple[DoubleLayer | None, DoubleLayer | None]


def double_layers(case: Case) -> dict[str, Ends]:
    """Double layers at the lower and upper end of each layer with electrolyte, from the bottom.

    None where none is resolved, or none forms.

    Raises
    ------
    CaseError
        The layers give the currents no path.
    """
    layers = [layer for layer in case.layers if layer.medium.kind != "dense_conductor"]
    if not LEVELS[case.level].double_layer:
        return {layer.name: (None, None) for layer in layers}
    inner = [_separates(lower, upper) for lower, upper in pairwise(layers)]
    charged = [True, *inner, case.counter.type == "electrode"]
    compressed = compressed_lengths(cell_of(case))
    found = {}
    for layer, here in zip(layers, pairwise(charged), strict=True):
        weak = debye_length(case, layer)
        lower, upper = (
            DoubleLayer(weak, length) if forms else None
            for length, forms in zip(compressed.get(layer.name, (inf, inf)), here, strict=True)
        )
        found[layer.name] = (lower, upper)
    return found


def debye_length(case: Case, layer: Layer) -> float:
    """Debye length in a layer [m], with the counter-ions of its fixed charge."""
    constant = {name: parameter(f"constants.{name}").si for name in ("R", "F", "eps0")}
    medium, ions = layer.medium, case.electrolyte.resolved_species
    strength = sum(ion.charge**2 * ion.concentration for ion in ions)
    strength += max(abs(ion.charge) for ion in ions) * abs(medium.fixed_charge)
    permittivity = constant["eps0"] * medium.permittivity
    energy = constant["R"] * case.temperature
    return float(np.sqrt(permittivity * energy / (constant["F"] ** 2 * medium.porosity * strength)))


def _separates(lower: Layer, upper: Layer) -> bool:
    """Whether space charge separates at the interface: unequal fixed charge, or a metal's pores,
    or a charged face."""
    kinds = {lower.medium.kind, upper.medium.kind}
    uneven = lower.medium.fixed_charge != upper.medium.fixed_charge
    return uneven or lower.surface_charge != 0.0 or (len(kinds) > 1 and "porous_conductor" in kinds)
