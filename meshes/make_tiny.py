"""Write the tiny meshes beside this file: ``python meshes/make_tiny.py [directory]``."""

from __future__ import annotations

import sys
from pathlib import Path

from zinterphase.geometry.build import build
from zinterphase.geometry.export import export_msh
from zinterphase.geometry.specification import LayerSpec, Recipe
from zinterphase.geometry.surface import Sinusoidal

MICROMETRE = 1e-6


def tiny_recipe(dimension: int) -> Recipe:
    """A film of 2 um under 8 um of electrolyte over half a wave of 1 um, 10 um wide."""
    um = MICROMETRE
    return Recipe(
        widths=(10 * um,) * (dimension - 1),
        surface=Sinusoidal(1 * um, 20 * um),
        layers=(
            LayerSpec("titania", 2 * um, "conformal", 1 * um, 1 * um, 1 * um),
            LayerSpec("electrolyte", 8 * um, "flat", 1 * um, 2 * um, 2 * um),
        ),
        solid_layers=0,
        base="flat",
        lateral_size=1.25 * um if dimension == 2 else 2.5 * um,
        growth=1.5,
        far_size=3 * um,
    )


def main(directory: Path) -> None:
    """Write one mesh per dimension, coordinates in metres."""
    for dimension in (2, 3):
        export_msh(build(tiny_recipe(dimension)), directory / f"film_{dimension}d.msh")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
