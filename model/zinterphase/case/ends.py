"""Metal at the bottom of a stack, electrolyte at its top or below a counter electrode."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from zinterphase.errors import CaseError
from zinterphase.materials.media import HOSTS, MATERIALS

_LIQUID = ("electrolyte", "separator")


def require_ends(layers: list[Any]) -> None:
    """Refuse raw layers without one of the ends, before what depends on them is complained of.

    Layers that cannot be read are left to validation.

    Raises
    ------
    CaseError
        Names the end and the layer that is there.
    """
    readable = [x for x in layers if isinstance(x, dict) and x.get("material") in MATERIALS]
    if len(readable) < len(layers):
        return
    if not layers or not _ends(layers):
        top = layers[-1].get("name") if layers else None
        raise CaseError("layers (top)", top, 'a layer of material "electrolyte" or "separator"')
    if layers[0].get("conducting") is False:
        bottom = layers[0].get("name")
        raise CaseError("layers (bottom)", bottom, "a layer that conducts electrons")


def _ends(layers: list[dict[str, Any]]) -> bool:
    """Whether liquid, or a counter electrode's conductors upon liquid, are at the top."""
    far = list(takewhile(lambda x: x["material"] in HOSTS, reversed(layers)))
    below = layers[: len(layers) - len(far)]
    return bool(below) and below[-1]["material"] in _LIQUID
