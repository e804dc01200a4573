"""The assembled Jacobian, border included, against differences of the residual.

A Taylor remainder falls with the square of the step if and only if the derivative is right.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zinterphase.solve.problem import Problem

from .cells import Ion, Metal, binary, case_of, current, film, linear, potential, problem_of, si

LEVELS = ("pnp", "secondary")
SOLID = {"thickness": "40 nm", "potential": "resolved", "electronic_conductivity": "1e-3 S/m"}
METAL = Metal(3.0, 1.5, 0.5, pzc=-0.05, stern=0.3)
SALT = binary(2, 100.0)
ACID = (
    Ion("M", 2, 0.7e-9, 100.0),
    Ion("A", -2, 1.05e-9, 105.0),
    Ion("H", 1, 9.3e-9, 10.0),
)
SILVER = {
    "name": "silver",
    "material": "Ag_nanoparticles",
    "thickness": "40 nm",
    "electronic_conductivity": "1e-3 S/m",
    "specific_area": "1e7 1/m",
}
CHARGED = film("titania", 50e-9, transport=0.2, fixed_charge="-40 mol/m^3")
SPREAD = {"sigma_ln": 0.7, "correlation_length": "100 nm", "seed": 3}
VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "potential control": {"control": potential(-0.05)},
    "meshed metal": {"metal_layer": SOLID},
    "porous conductor": {
        "films": [SILVER],
        "kinetics": {"silver": METAL.table(SALT[0])},
    },
    "metal, porous conductor and charged film": {
        "metal_layer": SOLID,
        "films": [SILVER, CHARGED],
        "kinetics": {"silver": METAL.table(SALT[0])},
    },
    "closed cell": {"counter": True},
    "closed cell, meshed metal": {"counter": True, "metal_layer": SOLID},
    "linear kinetics": {"metal": linear(1e-3, stern=0.3)},
    "uneven exchange current": {"extra": {"spread": SPREAD}},
    "axisymmetric": {"geometry": {"coordinates": "axisymmetric"}},
    "second order": {"order": 2},
}
PNP_ONLY: dict[str, dict[str, Any]] = {
    "steric": {"electrolyte": {"steric_diameter": "0.6 nm"}},
    "steric, closed cell": {"electrolyte": {"steric_diameter": "0.6 nm"}, "counter": True},
    "three ions": {"ions": ACID},
    "three ions, closed cell": {"ions": ACID, "counter": True},
}


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
BARRIER = {"overpotential": "20 mV", "width": "4 mV", "coverage": 0.3}
ISLANDS = {"fraction": 0.4, "correlation_length": "100 nm", "factor": 0.1, "pzc": "0.1 V"}
MECHANISMS: dict[str, dict[str, Any]] = {
    "barrier and islands": {"extra": {"nucleation": BARRIER, "patches": ISLANDS}},
    "conducting walls": {"films": [WALLS]},
    "gated film": {"films": [GATED], "kinetics": {"titania": METAL.table(SALT[0])}},
    "gated film on meshed metal": {
        "metal_layer": SOLID,
        "films": [GATED],
        "kinetics": {"titania": METAL.table(SALT[0])},
    },
}


def coarse_problem(level: str, variant: dict[str, Any]) -> Problem:
    """A corrugated cell of a few hundred unknowns at full load."""
    options = dict(variant)
    ions, metal = options.pop("ions", SALT), options.pop("metal", METAL)
    order, extra = options.pop("order", 1), options.pop("extra", None)
    if extra is not None:
        metal = Metal(3.0, 1.5, 0.5, pzc=-0.05, stern=0.3, extra=extra)
    case = case_of(
        level,
        200e-9,
        ions,
        metal,
        **{
            "width": 200e-9,
            "control": current(-20.0),
            # Poor, so that kinetics are not lost in the rounding of the ohmic terms.
            "conductivity": None if level == "pnp" else 1e-6,
            "surface": {"shape": "sinusoidal", "amplitude": "6 nm", "wavelength": "400 nm"},
            "mesh": {
                "lateral_size": si(25e-9, "m"),
                "first_cell": "4 nm",
                "growth": 2.0,
                "far_size": "60 nm",
                "order": order,
            },
            **options,
        },
    )
    problem = problem_of(case)
    problem.set_load(1.0)
    return problem


def remainders(problem: Problem, steps: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Size of g(u + h d) - g(u) - h J d for each h: rows of each block, then the constraints.

    Also the size of what is subtracted, which sets the rounding error.
    """
    system, random = problem.system, np.random.default_rng(1)
    size = system.local_size
    base = 0.3 * random.standard_normal(size + len(system.constraints))
    direction = random.standard_normal(base.size)
    base[:size] = np.concatenate(system._free(system.split(base[:size])))
    direction[:size] = np.concatenate(system._free(system.split(direction[:size])))

    def residual(state: np.ndarray) -> list[np.ndarray]:
        system.set_state(state)
        return [*system.residual(), system.constraint_residual()]

    start = residual(base)
    matrix = system.assemble_jacobian()
    columns, rows, corner = system.border()
    du, ds = np.split(direction, [size])
    x, b = matrix.createVecs()
    x.array[:] = du
    matrix.mult(x, b)
    product = b.array + sum((s * c for s, c in zip(ds, columns, strict=True)), np.zeros(size))
    constrained = np.array([row @ du for row in rows]) + corner @ ds if rows else np.zeros(0)
    slopes = [*system._free(system.split(product.copy())), constrained]
    found = []
    for step in steps:
        ahead = residual(base + step * direction)
        found.append(
            [
                np.linalg.norm(a - s - step * d)
                for a, s, d in zip(ahead, start, slopes, strict=True)
                if s.size
            ]
        )
    size_of = [np.linalg.norm(s) + np.linalg.norm(d) for s, d in zip(start, slopes, strict=True)]
    return np.array(found), np.array(size_of[: len(found[0])])


def cases() -> list[Any]:
    chosen = [(level, name, v) for level in LEVELS for name, v in VARIANTS.items()]
    chosen += [("pnp", name, v) for name, v in PNP_ONLY.items()]
    levels = (*LEVELS, "electroneutral")
    chosen += [(level, name, v) for level in levels for name, v in MECHANISMS.items()]
    return [pytest.param(level, v, id=f"{level}, {name}") for level, name, v in chosen]


@pytest.mark.parametrize(("level", "variant"), cases())
def test_taylor_remainder_is_of_second_order(level: str, variant: dict[str, Any]) -> None:
    """Random state and direction, fields and global unknowns together."""
    left, size = remainders(coarse_problem(level, variant), [1e-2, 1e-3])
    curved = left[0] > 1e-11 * size  # linear laws leave rounding errors only
    orders = np.log10(left[0, curved] / left[1, curved])
    assert np.all((orders > 1.9) & (orders < 2.1)), orders
    assert curved[0] or (level == "secondary" and variant == VARIANTS["linear kinetics"])


def test_a_wrong_derivative_is_caught() -> None:
    """The check itself: columns of the border off by a tenth break the order."""
    problem = coarse_problem("secondary", {})
    system, border = problem.system, problem.system.border

    def spoiled() -> Any:
        columns, rows, corner = border()
        return [1.1 * c for c in columns], rows, corner

    system.border = spoiled  # type: ignore[method-assign]
    left, _ = remainders(problem, [1e-3, 1e-4])
    assert np.log10(left[0, 0] / left[1, 0]) < 1.5
