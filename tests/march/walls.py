"""Case files on a wave; walls that have states: facets of metal, meshed or not, and pores."""

from __future__ import annotations

STATES = """
nucleation = {overpotential = "15 mV", growth = 0.2, coverage = 1e-3}
alloying = {diffusivity = "1e-20 m^2/s", cells = 16}
double_layer_capacitance = "0.3 F/m^2"
"""
SPREAD = 'spread = {sigma_ln = 0.5, correlation_length = "2 um"}'
WAVE = 'dimension = 2\nwidth = "8 um"'
CORRUGATED = 'surface = {shape = "sinusoidal", amplitude = "0.5 um", wavelength = "8 um"}'
DENSE = """
[[layers]]
name = "silver"
material = "Ag"
thickness = "2 um"
"""
PORES = """
[[layers]]
name = "zinc"
material = "Zn"
thickness = "50 um"
[[layers]]
name = "silver"
material = "Ag_nanoparticles"
thickness = "1 um"
specific_area = "1e6 1/m"
"""
NEWTON = 1e-9
"""To which Newton's iteration closes balances of the liquid and of the terminal's charge."""
KINDS = ("facets", "meshed metal", "pores")
PROTOCOL = ("plate at 1 mA/cm^2 for 4 s", "rest for 1 s", "strip at 1 mA/cm^2 for 2 s")


def patchy(kind: str, steps: tuple[str, ...] = PROTOCOL, level: str = "secondary") -> str:
    """Silver of uneven kinetics on a wave against an even counter electrode."""
    layers = PORES if kind == "pores" else DENSE
    if kind == "meshed metal":
        layers += 'potential = "resolved"\n'
    spread = "" if kind == "pores" else SPREAD
    return on_a_wave("silver", layers, f"{spread}\n{STATES}", steps, level)


def on_a_wave(
    metal: str,
    layers: str,
    kinetics: str,
    steps: tuple[str, ...],
    level: str,
    *,
    geometry: str = WAVE,
    order: int = 1,
    more: str = "",
) -> str:
    """A case file: ``layers`` and 20 um of liquid between two electrodes of one metal, the working
    one a wave on equal cells; ``more`` stands at the file's top."""
    entries = ", ".join(f'"{step}"' for step in steps)
    return f"""
level = "{level}"
accept_invalid = true
time.rtol = 1e-2
counter = {{type = "electrode", like = "{metal}"}}
{more}
[geometry]
{geometry}
{CORRUGATED}
[mesh]
order = {order}
lateral_size = "0.5 um"
first_cell = "0.5 um"
far_size = "4 um"
{layers}
[[layers]]
name = "liquid"
material = "electrolyte"
thickness = "20 um"
[electrolyte]
salt = "ZnSO4"
concentration = "2 mol/L"
[kinetics.{metal}]
{kinetics}
[[protocol]]
steps = [{entries}]
"""
