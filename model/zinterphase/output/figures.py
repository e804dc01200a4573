"""What is said of figures before one is drawn, and their files; loads no drawing library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zinterphase.output.files import replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class AxisQuantity:
    """How a field appears on an axis: its name, unit, and the factor from SI to that unit."""

    label: str
    unit: str
    scale: float = 1.0

    @property
    def axis_label(self) -> str:
        """Name with the unit in brackets; the name alone for a pure number."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True)
class FieldNames:
    """Fields of a section that are drawn: at nodes, and by cell for the lines.

    ``concentration`` is None at levels that solve none; the lines are then those of the current.
    """

    concentration: str | None
    lines: str
    ion: str


CURRENT_DENSITY = AxisQuantity("Current density", "mA cm$^{-2}$", 0.1)


def length_unit(extent: float) -> AxisQuantity:
    """Micrometres, or nanometres where the whole extent is below one micrometre."""
    if extent < 1e-6:
        return AxisQuantity("", "nm", 1e9)
    return AxisQuantity("", "µm", 1e6)


def number(value: float) -> str:
    """Three or four digits, with a real minus sign."""
    return f"{value:.4g}".replace("-", "\N{MINUS SIGN}")


def save_figure(figure: Figure, path: Path, resolution: float = 200.0) -> None:
    """Write a figure in the format of the path's suffix; complete or not at all."""
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=resolution)


def written(ion: str, charge: int) -> str:
    """Name of an ion with its charge raised: Zn2+ -> Zn$^{2+}$."""
    tail = f"{abs(charge) if abs(charge) > 1 else ''}{'+' if charge > 0 else '-'}"
    return f"{ion.removesuffix(tail)}$^{{{tail}}}$" if ion.endswith(tail) else ion
