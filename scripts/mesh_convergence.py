"""Draw the convergence of the dual-layer anode for docs/mesh-convergence.md.

Usage: python scripts/mesh_convergence.py [-o docs/mesh-convergence.png]
"""

import argparse
from pathlib import Path

from zinterphase.case import Case
from zinterphase.meshstudy.convergence_figure import convergence_figure
from zinterphase.meshstudy.driver import converge
from zinterphase.meshstudy.families import uniform_family
from zinterphase.output.figures import save_figure

ROOT = Path(__file__).parents[1]
MESHES = 4


def main() -> None:
    """Solve the family of meshes and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = ROOT / "docs" / "mesh-convergence.png"
    parser.add_argument("-o", "--output", type=Path, default=default)
    case = Case.load(ROOT / "cases" / "dual_layer.toml")
    study = converge(case, uniform_family(case), MESHES)
    figure = convergence_figure(study.convergence, f"{case.title}: level {case.level}.")
    save_figure(figure, parser.parse_args().output, resolution=120.0)


if __name__ == "__main__":
    main()
