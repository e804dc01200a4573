"""Case files that the tests of cases start from."""

import tomllib
from pathlib import Path
from typing import Any

from zinterphase.case import Case

CASES = Path(__file__).parents[2] / "cases"

SAMPLE = """
title = "AT@Zn"
level = "secondary"
accept_invalid = false
temperature = "298.15 K"
reference = "SHE"

[geometry]
dimension = 2
coordinates = "planar"
width = "60 um"
sides = "mirror"
[geometry.surface]
shape = "random"
rms = "300 nm"
correlation_length = "5 um"
covariance = "gaussian"
seed = 1

[[layers]]
name = "zinc"
material = "Zn"
thickness = "500 nm"
potential = "equipotential"
[[layers]]
name = "titania"
material = "TiO2"
thickness = "1 um"
top = "conformal"
conducting = false
[[layers]]
name = "electrolyte"
material = "electrolyte"
thickness = "50 um"

[electrolyte]
salt = "ZnSO4"
concentration = "2 mol/L"
steric_diameter = "0.55 nm"

[kinetics.zinc]
reactant = "Zn2+"
exchange_current_density = "0.5 mA/cm^2"
reference_concentration = "2 mol/L"
alpha_a = 1.5
alpha_c = 0.5
formal_potential = "-0.795 V"
pzc = "-0.91 V"
stern_capacitance = "0.3 F/m^2"
contact_fraction = 1.0
blocked_fraction = 0.0
form = "butler_volmer"
[kinetics.zinc.spread]
sigma_ln = 0.7
correlation_length = "5 um"
covariance = "gaussian"
seed = 1

[counter]
type = "reservoir"

[control]
current_density = "-1 mA/cm^2"
ramp_steps = 1

[mesh]
lateral_size = "0.5 um"
growth = 1.3
order = 1
[solver]
preset = "auto"
options = { ksp_type = "gmres", "fieldsplit_0_pc_factor_levels" = 2 }
max_iterations = 60
tolerance = 1e-9
[metrics]
smoothing_radius = "1 um"
[output]
fields = "pvd"
normals = ["0 um", "10 um"]
probes = [["10 um", "2 um"]]
"""

CONTROL = '[control]\ncurrent_density = "-1 mA/cm^2"\n'
SALT_FREE = [
    {"name": "Zn2+", "charge": 2, "diffusivity": "7e-10 m^2/s", "concentration": "10 mol/m^3"},
    {"name": "Cl-", "charge": -1, "diffusivity": "2e-9 m^2/s", "concentration": "20 mol/m^3"},
]


def tables() -> dict[str, Any]:
    return tomllib.loads(SAMPLE)


def case(*overrides: str, text: str = SAMPLE, folder: Path | None = None) -> Case:
    from zinterphase.case.load import overridden

    return Case.from_dict(overridden(tomllib.loads(text), overrides), folder=folder)


def silver_under_titania() -> str:
    silver = '[[layers]]\nname = "silver"\nmaterial = "Ag"\nthickness = "200 nm"\n'
    text = SAMPLE.replace('[[layers]]\nname = "titania"', f'{silver}[[layers]]\nname = "titania"')
    return text.replace("[kinetics.zinc", "[kinetics.silver")
