"""Zinc against iodine in a porous host: the text of a case file."""

from __future__ import annotations

from collections.abc import Sequence

BINDING, SOLUBILITY = 0.71, 1.33
"""Of triiodide [m3/mol], of iodine in water [mol/m3]."""
D_IODIDE, D_IODINE, D_TRIIODIDE = 2.045e-9, 1.2e-9, 1.1e-9
ZINC_SULFATE = 1000.0


def full_cell(
    steps: Sequence[str],
    *,
    iodide: float = 200.0,
    iodine: float = SOLUBILITY,
    precipitate: str = 'initial = {host = "100 mol/m^3"}',
    zinc: str = "",
    host: str = 'double_layer_capacitance = "library"',
    reactions: str = "triiodide = {}",
    separator: float = 50e-6,
    thickness: float = 50e-6,
    adsorption: str = "",
    shape: str = "geometry.dimension = 1",
    loading: str = "0.127 mg/cm^2",
    more: str = "",
) -> str:
    """``iodide`` and ``iodine`` [mol/m3] are free in the bulk, which zinc keeps neutral; ``steps``
    are sentences."""
    triiodide = BINDING * iodide * iodine
    species = (
        ("Zn2+", 2, 0.71e-9, ZINC_SULFATE + 0.5 * (iodide + triiodide)),
        ("SO42-", -2, 1.07e-9, ZINC_SULFATE),
        ("I-", -1, D_IODIDE, iodide),
        ("I2", 0, D_IODINE, iodine),
    )
    ions = ", ".join(
        f'{{name = "{n}", charge = {z}, diffusivity = "{d} m^2/s", '
        f'concentration = "{c!r} mol/m^3"}}'
        for n, z, d, c in species
    )
    entries = ", ".join(f'"{step}"' for step in steps)
    solids = f"[electrolyte.precipitates.iodine]\n{precipitate}" if precipitate else ""
    return f"""
level = "electroneutral"
accept_invalid = true
counter.type = "electrode"
mesh.first_cell = "{separator / 10!r} m"
mesh.far_size = "{separator / 5!r} m"
{shape}
time.rtol = 1e-3
{more}
[[layers]]
name = "zinc"
material = "Zn"
thickness = "50 um"
[[layers]]
name = "paper"
material = "separator"
thickness = "{separator!r} m"
top = "flat"
[[layers]]
name = "host"
material = "carbon"
thickness = "{thickness!r} m"
{adsorption}
[[layers]]
name = "collector"
material = "graphite"
thickness = "50 um"
[electrolyte]
permittivity = 78.4
equilibria = ["triiodide"]
species = [{ions}]
{solids}
[kinetics.zinc]
contact_fraction = 1.0
{zinc}
[kinetics.host]
{host}
[kinetics.host.reactions]
{reactions}
[active]
loading = "{loading}"
[[protocol]]
steps = [{entries}]
"""
