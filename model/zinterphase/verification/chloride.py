"""Zinc in an ideal 1:2 salt at level `concentrated`: what no z:z salt tells of the law."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, log
from typing import Any

import scipy
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.run import solve
from zinterphase.scales import FARADAY
from zinterphase.verification.cells import VT, current, potential, si
from zinterphase.verification.known import Check, KnownProblem, relative

CATION, ANION = 0.703e-9, 2.032e-9
"""Diffusivities [m2/s]."""
BULK, GAP, EXCHANGE = 100.0, 50e-6, 10.0
"""Concentration of the cation [mol/m3], distance to the bulk [m], i0 there [A/m2]."""
Z = 2
LIMIT = 3 * Z * FARADAY * CATION * BULK / GAP
"""(1 + z+/|z-|) z+ F D+ c/L: anions at rest take the current's field, c is linear."""


def salt() -> dict[str, Any]:
    """Nernst and Planck's laws of the two ions as measured properties by the cation's c [mol/L].

    Newman & Thomas-Alyea, eqs. 11.25 to 11.27: D = (z+ - z-) D+ D-/(z+ D+ - z- D-),
    t+ = z+ D+/(z+ D+ - z- D-), kappa = (F^2/RT) sum z_k^2 D_k c_k.
    """
    weighted = Z * CATION + ANION
    conductivity = FARADAY / VT * (Z**2 * CATION + 2 * ANION) * 1000.0
    return {
        "cation": "Zn2+",
        "anion": "Cl-",
        "charges": [Z, -1],
        "diffusivities": [si(CATION, "m^2/s"), si(ANION, "m^2/s")],
        "valid": ["1e-6 mol/L", "10 mol/L"],
        "conductivity": {"values": [0.0, 0.0, conductivity]},
        "diffusivity": {"values": [(Z + 1) * CATION * ANION / weighted]},
        "transference_number": {"values": [Z * CATION / weighted]},
        "activity_coefficient": {"values": [0.0]},
    }


def cell(control: dict[str, str], rows: int = 200, **changes: Any) -> Case:
    """Zinc and a reservoir of the salt on a line."""
    size = si(GAP / rows, "m")
    tables = {
        "title": "verification",
        "level": "concentrated",
        "geometry": {"dimension": 1},
        "layers": [
            {"name": "zinc", "material": "Zn", "thickness": "50 um"},
            {"name": "electrolyte", "material": "electrolyte", "thickness": si(GAP, "m")},
        ],
        "electrolyte": {
            "salt": "ZnCl2",
            "concentration": si(BULK, "mol/m^3"),
            "properties": salt(),
        },
        "kinetics": {
            "zinc": {
                "exchange_current_density": si(EXCHANGE, "A/m^2"),
                "reference_concentration": si(BULK, "mol/m^3"),
                "alpha_a": 1.5,
                "alpha_c": 0.5,
                "contact_fraction": 1.0,
            }
        },
        "control": control,
        "mesh": {"first_cell": size, "far_size": size},
    }
    return Case.from_dict(tables | changes)


def wall_concentration(density: float) -> float:
    """c at the metal [mol/m3] with a current density i: c = c0 (1 + i/i_lim)."""
    return BULK * (1 + density / LIMIT)


def liquid_drop(density: float) -> float:
    """Phi at the metal over that of the bulk [V]: (1/z+ + 1/|z-|)(RT/F) ln(c/c0), of which ln c/z+
    is the reference electrode's and the rest the field that holds the anions."""
    return 1.5 * VT * log(wall_concentration(density) / BULK)


def voltage(density: float) -> float:
    """Potential against the equilibrium with the bulk [V]."""
    exchange = EXCHANGE * (wall_concentration(density) / BULK) ** 0.75

    def excess(eta: float) -> float:
        return float(exchange * (exp(1.5 * eta / VT) - exp(-0.5 * eta / VT)) - density)

    return float(scipy.optimize.brentq(excess, -2.0, 2.0, xtol=1e-15)) + liquid_drop(density)


def one_two_salt(comm: MPI.Intracomm) -> Iterator[Check]:
    """Plating to 0.95 of the limit, dissolution, and an imposed potential."""
    for share in (-0.1, -0.95, 0.5):
        density, at = share * LIMIT, f"{share:g} i_lim"
        result = solve(cell(current(density)), comm)
        c = result.surface.mean("concentration")
        yield relative(f"c at the metal, {at} [mol/m3]", c, wall_concentration(density), 1e-7)
        yield relative(f"potential, {at} [V]", result.potential, voltage(density), 1e-7)
        assert result.voltage is not None
        parts = [*result.voltage.ohmic.values(), *result.voltage.concentration.values()]
        yield relative(f"drop of the liquid, {at} [V]", sum(parts), liquid_drop(density), 1e-7)
    imposed = cell(potential(-0.2), reference="Zn")
    found = solve(imposed, comm).mean_current_density
    exact = float(
        scipy.optimize.brentq(lambda i: voltage(i) + 0.2, -LIMIT * (1 - 1e-12), -1e-3, xtol=1e-13)
    )
    yield relative("current at -200 mV [A/m2]", found, exact, 1e-7)


PROBLEMS = (
    KnownProblem(
        "chloride.reservoir",
        "wall concentration and potential in ideal ZnCl2, -0.95 to 0.5 of the limiting current",
        "closed form: anions at rest, c linear, factor 3/2 of the diffusion potential",
        one_two_salt,
    ),
)
