"""The layers of a case drawn to scale, and once more the thin ones magnified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zinterphase.case import Case

HEIGHT = 240.0
"""Of a stack [px]."""
THIN = 14.0
"""A layer that is lower than this [px] is magnified beside the stack."""
COLOURS = {
    "Zn": "#8d99a6", "Ag": "#c9ccd1", "Ag_nanoparticles": "#b4b8bf", "TiO2": "#e7b86b",
    "electrolyte": "#cfe6f5", "separator": "#b9d7c9",
}  # fmt: skip
OTHER = "#d9c3e0"
TOP = 22.0


@dataclass(frozen=True)
class Bar:
    """A layer in a stack: from ``y`` downwards [px], with its ``label`` at ``text_y``."""

    label: str
    colour: str
    y: float
    height: float
    text_y: float


@dataclass(frozen=True)
class Stack:
    """Bars from the top, and what one pixel stands for."""

    title: str
    bars: tuple[Bar, ...]
    height: float


def stacks(case: Case) -> tuple[Stack, ...]:
    """The whole stack to scale, then the thin layers alone on a scale of their own."""
    layers = [(x.name, x.material, x.thickness) for x in reversed(case.layers)]
    whole = sum(thickness for *_, thickness in layers)
    thin = [layer for layer in layers if layer[2] / whole * HEIGHT < THIN]
    found = [_stack("to scale", layers)]
    if thin:
        told = sum(thickness for *_, thickness in thin)
        found.append(_stack(f"thin layers, {whole / told:.3g} times larger", thin))
    return tuple(found)


def _stack(title: str, layers: Sequence[tuple[str, str, float]]) -> Stack:
    whole, y, text_y, bars = sum(thickness for *_, thickness in layers), TOP, 0.0, []
    for name, material, thickness in layers:
        height = HEIGHT * thickness / whole
        text_y = max(y + height / 2, text_y + 16.0)
        called = name if name == material else f"{name} ({material})"
        label = f"{called}, {length(thickness)}"
        bars.append(Bar(label, COLOURS.get(material, OTHER), y, max(height, 0.6), text_y))
        y += height
    return Stack(title, tuple(bars), max(y, text_y) + 12.0)


def length(metres: float) -> str:
    """In the unit that fits."""
    for unit, size in (("mm", 1e-3), ("\N{MICRO SIGN}m", 1e-6)):
        if metres >= size:
            return f"{metres / size:.4g} {unit}"
    return f"{metres * 1e9:.4g} nm"
