"""The assembled Jacobian, border included, against differences of the residual.

A Taylor remainder falls with the square of the step if and only if the derivative is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import (
    Metal,
    SampleIon,
    current,
    film,
    linear,
    potential,
    problem_of,
    si,
    tables,
)
from zinterphase.verification.known import Check, KnownProblem, absolute, at_most

Array = npt.NDArray[np.float64]
Options = Mapping[str, Any]
SOLID = {"thickness": "40 nm", "potential": "resolved", "electronic_conductivity": "1e-3 S/m"}
METAL = Metal(3.0, 1.5, 0.5, pzc=-0.05, stern=0.3)
SALT = (SampleIon("Zn2+", 2, 0.7e-9, 100.0), SampleIon("SO42-", -2, 1.05e-9, 100.0))
ACID = (SALT[0], SampleIon("SO42-", -2, 1.05e-9, 105.0), SampleIon("H+", 1, 9.3e-9, 10.0))
SULFATE = (2 * SALT[0].concentration + ACID[2].concentration - 1e-1) / (2 + 10**0.5 * 1e-2)
"""Beside acid, base (1e-6 mol2/L2) and the complex of both, in a neutral liquid [mol/m3]."""
SILVER = {
    "name": "silver",
    "material": "Ag_nanoparticles",
    "thickness": "40 nm",
    "electronic_conductivity": "1e-3 S/m",
    "specific_area": "1e7 1/m",
}
CHARGED = film("titania", 50e-9, transport=0.2, fixed_charge="-40 mol/m^3")
ON_SILVER = {"silver": METAL.table(SALT[0])}
LAW = {
    "exchange_current_density": "2 A/m^2",
    "reference_concentration": "100 mol/m^3",
    "formal_potential": "20 mV",
    "alpha_a": 1.2,
    "alpha_c": 0.8,
}
ANION = {"reactant": "SO42-", **LAW}
BOTH = {"reactant": "Zn2+", "stoichiometry": {"Zn2+": 2.0, "SO42-": 1.0}, **LAW}
SPREAD = {"sigma_ln": 0.7, "correlation_length": "100 nm", "seed": 3}
VARIANTS: dict[str, Options] = {
    "plain": {},
    "potential": {"control": potential(-0.05)},
    "metal": {"metal_layer": SOLID},
    "porous": {"films": [SILVER], "kinetics": ON_SILVER},
    "metal-porous-film": {
        "metal_layer": SOLID,
        "films": [SILVER, CHARGED],
        "kinetics": ON_SILVER,
    },
    "closed": {"counter": True},
    "closed-metal": {"counter": True, "metal_layer": SOLID},
    "linear": {"metal": linear(1e-3, stern=0.3)},
    "uneven": {"extra": {"spread": SPREAD}},
    "reactions": {"extra": {"reactions": {"anion": ANION, "both": BOTH}}, "counter": True},
    "axisymmetric": {"geometry": {"coordinates": "axisymmetric"}},
    "P2": {"mesh": {"order": 2}},
}
DISSOLVED = {
    "form": "mass_action",
    "stoichiometry": {"Zn2+": 1.0, "SO42-": 1.0},
    "solids": {"Zn": -1.0},
    "orders": {"SO42-": 0.5},
    "rate_constant": "1e-5 mol/m^2/s",
    "backward_rate_constant": "2e-5 mol/m^2/s",
    "reference_concentration": "100 mol/m^3",
}
BARRIER = {"overpotential": "20 mV", "width": "4 mV", "coverage": 0.3}
ISLANDS = {"fraction": 0.4, "correlation_length": "100 nm", "factor": 0.1, "pzc": "0.1 V"}
WALLS = film(
    "titania", 50e-9, transport=0.2, surface_transport="2e-9 mol/m/s", lateral_transport=3.0
)
GATED = {
    **film("titania", 50e-9, transport=0.2),
    "conducting": True,
    "electronic_conductivity": "1e-4 S/m",
    "specific_area": "1e7 1/m",
    "accumulation": {"conductivity": "1e-2 S/m", "flat_band": "10 mV"},
}
ON_TITANIA = {"titania": METAL.table(SALT[0])}
MECHANISMS: dict[str, Options] = {
    "chemical-step": {
        "metal_layer": SOLID,
        "extra": {"reactions": {"dissolving": DISSOLVED}, "nucleation": BARRIER},
    },
    "barrier-islands": {"extra": {"nucleation": BARRIER, "patches": ISLANDS}},
    "walls": {"films": [WALLS]},
    "gated": {"films": [GATED], "kinetics": ON_TITANIA},
    "gated-metal": {"metal_layer": SOLID, "films": [GATED], "kinetics": ON_TITANIA},
}
AT_WALLS: dict[str, Options] = {
    f"wall-law-{name}": {**options, "wall_law": "gouy_chapman_stern"}
    for name, options in {
        "closed-metal": VARIANTS["closed-metal"],
        "film": {"films": [CHARGED], "extra": {"patches": ISLANDS}},
        "porous": VARIANTS["porous"],
    }.items()
}
PNP_ONLY: dict[str, Options] = {
    "steric": {"electrolyte": {"steric_diameter": "0.6 nm"}},
    "steric-closed": {"electrolyte": {"steric_diameter": "0.6 nm"}, "counter": True},
    "three-ions": {"ions": ACID},
    "three-ions-closed": {"ions": ACID, "counter": True},
}
EVOLVING = {
    "equation": "2 H+ + 2 e- -> H2(g)",
    "form": "tafel",
    "tafel_slope": "120 mV",
    "exchange_current_density": "1 A/m^2",
    "reference_concentration": "10 mol/m^3",
    "formal_potential": "10 mV",
}
COMPLEX = {
    "composition": {"SO42-": 1.0, "H+": 1.0},
    "charge": -1,
    "diffusivity": "1.4e-9 m^2/s",
    "name": "HSO4-",
    "log_K": 0.5,
}
BASE = {
    "composition": {"H+": -1.0},
    "charge": -1,
    "diffusivity": "5e-9 m^2/s",
    "name": "OH-",
    "log_K": -6.0,
}
WITH_BASE: dict[str, Options] = {
    "acid-base": {
        # Neutral with what the complexes hold.
        "ions": (SALT[0], SampleIon("SO42-", -2, 1.05e-9, SULFATE), ACID[2]),
        "electrolyte": {"complexes": [COMPLEX, BASE]},
        "extra": {"reactions": {"hydrogen": EVOLVING}},
    }
}
WITH_BASE["finite-rates"] = {
    **WITH_BASE["acid-base"],
    "electrolyte": {
        "complexes": [COMPLEX, BASE],
        "rates": {
            "HSO4-": {"formation_rate_constant": "1e6 1/s"},
            "OH-": {"decay_rate_constant": "1e10 1/s"},
        },
    },
}
AERATED: Options = {
    "acid": {"pH": 3.0, "oxygen": "0.25 mol/m^3"},
    "extra": {"reactions": {"hydrogen": EVOLVING}},
}
TRACES: dict[str, Options] = {
    "traces-plain": AERATED,
    "traces-film": {**AERATED, "films": [CHARGED]},
    "traces-finite-rates": {
        **AERATED,
        "acid": {"pH": 3.0, "rates": {"bisulfate": {"decay_rate_constant": "1e5 1/s"}}},
        "films": [CHARGED],
    },
}
LEVELS: dict[str, dict[str, Options]] = {
    "pnp": VARIANTS | PNP_ONLY | MECHANISMS | WITH_BASE,
    "secondary": VARIANTS | MECHANISMS,
    "electroneutral": VARIANTS
    | MECHANISMS
    | AT_WALLS
    | {name: PNP_ONLY[name] for name in ("three-ions", "three-ions-closed")}
    | WITH_BASE,
    "concentrated": VARIANTS | MECHANISMS | AT_WALLS | TRACES,
    "primary": {"plain": {}, "film": {"films": [film("titania", 50e-9, transport=0.2)]}},
}


def coarse_case(level: str, variant: Options) -> Case:
    """A corrugated cell of a few hundred unknowns."""
    options = dict(variant)
    ions, metal = options.pop("ions", SALT), options.pop("metal", METAL)
    if "extra" in options:
        metal = Metal(3.0, 1.5, 0.5, pzc=-0.05, stern=0.3, extra=options.pop("extra"))
    sizes = {
        "lateral_size": "25 nm",
        "first_cell": "4 nm",
        "growth": 2.0,
        "far_size": "60 nm",
        **options.pop("mesh", {}),
    }
    acid = options.pop("acid", {})
    # Poor, so that kinetics are not lost in the rounding of the ohmic terms.
    poor = 1e-6 if level in ("secondary", "primary") else None
    surface = {"shape": "sinusoidal", "amplitude": "6 nm", "wavelength": "400 nm"}
    data = tables(
        level,
        200e-9,
        ions,
        metal,
        **{
            "width": 200e-9,
            "control": current(-20.0),
            "conductivity": poor,
            "surface": surface,
            "mesh": sizes,
            **options,
        },
    )
    if level == "concentrated":
        bulk = si(1400.0, "mol/m^3")  # between two rows of the measured properties
        data["electrolyte"] = {"salt": "ZnSO4", "concentration": bulk, **acid}
    return Case.from_dict(data)


def remainders(
    problem: Problem, steps: Sequence[float], amplitude: float
) -> tuple[list[str], Array, Array]:
    """Size of g(u + h d) - g(u) - h J d for each h: rows of each block, then the constraints.

    With names, shape (steps, parts), and the size of what is subtracted, which sets the rounding
    error. Random state and direction, fields and global unknowns together; collective.
    """
    system, random = problem.system, np.random.default_rng(1 + problem.domain.comm.rank)
    size, shared = system.local_size, np.random.default_rng(0)
    scalars = len(system.constraints)
    base = amplitude * np.append(random.standard_normal(size), shared.standard_normal(scalars))
    direction = np.append(random.standard_normal(size), shared.standard_normal(scalars))
    base[:size] = np.concatenate(system.free(system.split(base[:size])))
    direction[:size] = np.concatenate(system.free(system.split(direction[:size])))

    def residual(state: Array) -> list[Array]:
        system.set_unknowns(state)
        return [*system.residual(), system.constraint_residual()]

    start = residual(base)
    slopes = _slopes(problem, direction)
    found = [
        [
            _norm(problem, k, a - s - step * d)
            for k, (a, s, d) in enumerate(zip(ahead, start, slopes, strict=True))
        ]
        for step, ahead in ((step, residual(base + step * direction)) for step in steps)
    ]
    sizes = [
        _norm(problem, k, s) + _norm(problem, k, d)
        for k, (s, d) in enumerate(zip(start, slopes, strict=True))
    ]
    names = [block.name for block in system.blocks] + ["constraints"] * bool(scalars)
    return names, np.array(found)[:, : len(names)], np.array(sizes[: len(names)])


def _slopes(problem: Problem, direction: Array) -> list[Array]:
    """J d at the present state, by block, then by constraint."""
    system = problem.system
    matrix = system.assemble_jacobian()
    columns, rows, corner = system.border()
    du, ds = np.split(direction, [system.local_size])
    x, b = matrix.createVecs()
    x.array[:] = du
    matrix.mult(x, b)
    product = b.array + sum((s * c for s, c in zip(ds, columns, strict=True)), np.zeros(du.size))
    constrained = np.array([system.dot(row, du) for row in rows])
    constrained = constrained + corner @ ds if rows else np.zeros(0)
    return [*system.free(system.split(product.copy())), constrained]


def _norm(problem: Problem, part: int, values: Array) -> float:
    """Over all ranks for a block; constraints are known to every rank."""
    if part < len(problem.system.blocks):
        return float(np.sqrt(problem.system.dot(values, values)))
    return float(np.linalg.norm(values))


def taylor(level: str, name: str, comm: MPI.Intracomm) -> Iterator[Check]:
    """Order of the remainder; laws that are linear leave rounding errors only."""
    problem = problem_of(coarse_case(level, LEVELS[level][name]), comm)
    problem.set_load(1.0)
    # Small enough at `concentrated` to stay between two rows of the measured properties.
    amplitude = 0.05 if level == "concentrated" else 0.3
    parts, left, size = remainders(problem, (1e-2, 1e-3), amplitude)
    all_linear = level == "primary" or (level == "secondary" and name == "linear")
    for part, (coarse, fine), scale in zip(parts, left.T, size, strict=True):
        if all_linear or (part != "liquid" and coarse < 1e-11 * scale):
            yield at_most(f"remainder of linear rows, {part}", coarse / scale, 1e-11)
        else:
            order = float(np.log10(coarse / fine))
            yield absolute(f"order of the remainder, {part}", order, 2.0, 0.1)


PROBLEMS = tuple(
    KnownProblem(
        f"jacobian.{level}-{name}",
        f"Taylor remainder at `{level}`, {name.replace('-', ', ')}",
        "second order if and only if the derivative is right",
        partial(taylor, level, name),
        fast=False,
    )
    for level, variants in LEVELS.items()
    for name in variants
)
