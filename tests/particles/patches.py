"""Small cells with particles."""

from pathlib import Path
from typing import Any

from zinterphase.case import Case

LIST_2D = "x,z,radius\n5e-8,3e-8,2e-8\n1.2e-7,6e-8,3e-8\n"


def patch(
    packing: dict[str, Any],
    folder: Path | None = None,
    *,
    material: str = "TiO2",
    dimension: int = 2,
    level: str = "secondary",
    metal: dict[str, Any] | None = None,
    film: dict[str, Any] | None = None,
    **tables: Any,
) -> Case:
    """One layer of particles, 100 nm thick and 200 nm wide, on zinc; ``metal`` and ``film`` are
    more keys of the two layers."""
    return Case.from_dict(
        {
            "title": "patch",
            "level": level,
            "geometry": {"dimension": dimension, "width": "200 nm"},
            "layers": [
                {"name": "zinc", "material": "Zn", "thickness": "50 um", **(metal or {})},
                {
                    "name": "film",
                    "material": material,
                    "thickness": "100 nm",
                    "packing": packing,
                    **(film or {}),
                },
                {"name": "electrolyte", "material": "electrolyte", "thickness": "100 nm"},
            ],
            "electrolyte": {"salt": "ZnSO4", "concentration": "2 mol/L"},
            "kinetics": {"zinc": {"exchange_current_density": "0.5 mA/cm^2"}},
            "counter": {"type": "reservoir"},
            "control": {"current_density": "-1 mA/cm^2"},
            **tables,
        },
        folder,
    )


def drawn(**more: Any) -> dict[str, Any]:
    """A loose packing."""
    return {"diameter": "40 nm", "porosity": 0.6, **more}
