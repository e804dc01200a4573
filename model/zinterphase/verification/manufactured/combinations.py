"""Cells of every level for smooth manufactured fields: with a resolved metal, under a charged film,
in two and three dimensions.

Fields have no lateral slope at the sides, which are mirror planes; the metal's base and the counter
boundary carry exact values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import ufl

from zinterphase.case import Case
from zinterphase.expressions import Expr
from zinterphase.geometry.raw import RawMesh
from zinterphase.solve.discretisation import charge_rate
from zinterphase.solve.model import Model
from zinterphase.verification.cells import VT, Metal, SampleIon, film, potential, si, tables
from zinterphase.verification.grids import box, grid
from zinterphase.verification.manufactured.exact_problem import Exact
from zinterphase.verification.manufactured.laws import (
    ElectrodeLaw,
    IonLaw,
    Law,
    Ohm,
    Salt,
    exact_data,
)

LEVELS = ("pnp", "concentrated", "electroneutral", "secondary", "primary")
METAL_POTENTIAL, PZC, STERN, ALPHAS = -0.8, 0.5, 0.2, (1.5, 0.5)
DIFFUSIVITIES = (0.7e-9, 1.05e-9)
KAPPA = 5.65


@dataclass(frozen=True)
class Setting:
    """Size of a level's cell: length [m], bulk [mol/m3], exchange current density [A/m2], and the
    fixed charge of its film [mol/m3]."""

    length: float
    concentration: float
    exchange: float
    fixed_charge: float


SETTINGS: Mapping[str, Setting] = {
    "pnp": Setting(5e-9, 100.0, 2e3, -60.0),
    "concentrated": Setting(200e-6, 1400.0, 300.0, -500.0),
    "electroneutral": Setting(50e-6, 100.0, 50.0, 0.0),
    "secondary": Setting(200e-6, 2000.0, 300.0, 0.0),
    "primary": Setting(200e-6, 2000.0, 300.0, 0.0),
}


@dataclass(frozen=True)
class Physics:
    """One of the combinations: level, metal resolved, film, dimension and polynomial order."""

    level: str
    solid: bool
    film: bool
    dimension: int
    order: int

    @property
    def name(self) -> str:
        """As in the names of the problems."""
        parts = [self.level, f"{self.dimension}D", f"P{self.order}"]
        parts += ["metal"] if self.solid else []
        return "-".join([*parts, "film"] if self.film else parts)

    @property
    def electronic_conductivity(self) -> float:
        """Such that the metal's drop is of the liquid's size [S/m]."""
        setting = SETTINGS[self.level]
        return 2 * setting.exchange * setting.length / VT


def case_of_combination(chosen: Physics) -> Case:
    """The cell; its liquid layers fill the length, a resolved metal half of it below."""
    setting = SETTINGS[chosen.level]
    length = setting.length
    ions = (
        SampleIon("Zn2+", 2, DIFFUSIVITIES[0], setting.concentration),
        SampleIon("SO42-", -2, DIFFUSIVITIES[1], setting.concentration),
    )
    charge = si(setting.fixed_charge, "mol/m^3")
    coat = film(
        "film", length / 2, transport=0.4, porosity=0.6, permittivity=40.0, fixed_charge=charge
    )
    metal = {
        "thickness": si(length / 2, "m"),
        "potential": "resolved",
        "electronic_conductivity": si(chosen.electronic_conductivity, "S/m"),
    }
    data = tables(
        chosen.level,
        length / 2 if chosen.film else length,
        ions,
        Metal(setting.exchange, *ALPHAS, pzc=PZC * VT, stern=STERN),
        control=potential(METAL_POTENTIAL * VT),
        films=[coat] if chosen.film else (),
        width=length,
        conductivity=KAPPA if chosen.level in ("secondary", "primary") else None,
        metal_layer=metal if chosen.solid else None,
        geometry={"dimension": chosen.dimension},
        mesh={"order": chosen.order},
    )
    if chosen.level == "concentrated":
        bulk = si(setting.concentration, "mol/m^3")
        data["electrolyte"] = {"salt": "ZnSO4", "concentration": bulk}
    return Case.from_dict(data)


def mesh_of_combination(chosen: Physics, n: int) -> RawMesh:
    """``n`` cells along each edge of the liquid; n even."""
    length, half = SETTINGS[chosen.level].length, n // 2
    lateral = np.linspace(0.0, length, n + 1)
    layers = [("liquid", lateral)]
    if chosen.film:
        layers = [("film", lateral[: half + 1]), ("liquid", lateral[half:])]
    if chosen.solid:
        layers = [("metal", np.linspace(-length / 2, 0.0, half + 1)), *layers]
    if chosen.dimension == 3:
        return box(lateral, layers)
    return grid(lateral, layers, all_around=False)


def law_of(problem: Model, chosen: Physics) -> Law:
    """The level's law with the numbers of the cell."""
    setting = SETTINGS[chosen.level]
    kinetics = ElectrodeLaw(setting.exchange, *ALPHAS, STERN, PZC)
    if chosen.level == "concentrated":
        return Salt(setting.concentration, kinetics)
    if chosen.level in ("secondary", "primary"):
        return Ohm(KAPPA, kinetics)
    bulks, neutral = (setting.concentration,) * 2, chosen.level == "electroneutral"
    rate = charge_rate(problem.case, problem.bulk)
    return IonLaw((2, -2), DIFFUSIVITIES, bulks, kinetics, rate, neutral)


def exact_of_combination(problem: Model, chosen: Physics) -> Exact:
    """Smooth fields of order one and their data."""
    x = ufl.SpatialCoordinate(problem.domain.mesh) / SETTINGS[chosen.level].length
    height, wave = x[chosen.dimension - 1], ufl.cos(np.pi * x[0])
    if chosen.dimension == 3:
        wave = wave * ufl.cos(np.pi * x[1])
    phi = 0.3 * (1 + wave) * ufl.cos(2 * height + 0.5)
    fields: list[Expr] = [phi]
    if chosen.level == "concentrated":
        fields = [0.25 * wave * ufl.cos(1.5 * height), phi]
    elif chosen.level in ("pnp", "electroneutral"):
        cation = 0.5 * wave * ufl.sin(1.7 * height + 0.4)
        fields = [cation, 0.4 * (0.3 + wave) * ufl.cos(2.2 * height), phi]
    solid = None
    if chosen.solid:
        solid = 0.7 * wave * ufl.exp(height) + 0.2 * height
    return exact_data(
        problem,
        law_of(problem, chosen),
        fields,
        solid=solid,
        conductivity=chosen.electronic_conductivity,
        dirichlet=chosen.level == "primary",
    )
