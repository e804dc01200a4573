"""Flat stacks, where every resistance is in series and every field piecewise linear."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mpi4py import MPI

from zinterphase.result import Result
from zinterphase.run import solve
from zinterphase.verification.cells import (
    VT,
    Metal,
    binary,
    case_of,
    current,
    film,
    linear,
    potential,
    si,
)
from zinterphase.verification.closed.series import (
    overpotential,
    porous_electrode,
)
from zinterphase.verification.compared import values
from zinterphase.verification.known import Check, KnownProblem, absolute, relative, worst

KAPPA, GAP = 5.65, 200e-6
SALT = binary(2, 2000.0)
LAWS = {"lumped": (1.0, 1.0), "two-step": (1.5, 0.5)}
EXACT = 1e-9


def solved(comm: MPI.Intracomm, metal: Metal, **more: Any) -> Result:
    """A flat cell at level `secondary`."""
    return solve(case_of("secondary", GAP, SALT, metal, conductivity=KAPPA, **more), comm)


def symmetric_cell(comm: MPI.Intracomm) -> Iterator[Check]:
    """V = eta(i) - eta(-i) + i L/kappa, plating at 1 mA/cm2 and stripping at 5."""
    for name, alphas in LAWS.items():
        for exchange in (1.0, 3.0, 5.0, 10.0, 30.0):
            for density in (-10.0, 50.0):
                at = f"{name}, i0 = {exchange:g}, i = {density:g} A/m2"
                metal, law = Metal(exchange, *alphas), (exchange, *alphas, VT)
                result = solved(comm, metal, control=current(density), counter=True)
                kinetic, counter = overpotential(density, *law), -overpotential(-density, *law)
                ohmic = density * GAP / KAPPA
                whole = kinetic + counter + ohmic
                yield relative(f"voltage, {at} [V]", result.potential, whole, EXACT)
                assert result.voltage is not None
                found = result.voltage
                yield relative(f"kinetic, {at} [V]", found.kinetic, kinetic, EXACT)
                yield relative(f"counter, {at} [V]", found.counter_kinetic, counter, EXACT)
                yield relative(f"ohmic, {at} [V]", found.ohmic["liquid"], ohmic, EXACT)


def zinc_against_zinc(comm: MPI.Intracomm) -> Iterator[Check]:
    """Zn//Zn at 1 mA/cm2 over 200 um of glass fibre, 2 M, as tabulated to 0.1 or 1 mV.

    The table holds 0.19 mV of concentration polarisation, which this level leaves out by design.
    """
    table = {
        "lumped": {1: 119.4, 3: 66.6, 5: 45.9, 10: 25.3, 30: 9.1},
        "two-step": {1: 159.0, 3: 86.5, 5: 56.0, 10: 27.4, 30: 9.2},
    }
    separator = {"porosity": 0.9, "tortuosity_factor": 0.9**-0.5, "constrictivity": 1.0}
    for name, rows in table.items():
        for exchange, millivolt in rows.items():
            result = solved(
                comm,
                Metal(float(exchange), *LAWS[name]),
                counter=True,
                control=current(-10.0),
                liquid={"material": "separator", **separator},
            )
            found = -1e3 * result.potential + 0.19
            digits = 0.53 if millivolt >= 150 else 0.08
            yield absolute(f"{name}, i0 = {exchange} A/m2 [mV]", found, millivolt, digits)


def layers_in_series(comm: MPI.Intracomm) -> Iterator[Check]:
    """Two films under the electrolyte, Butler-Volmer and linear kinetics; the outer face too."""
    films = [
        film("inner", 1e-6, transport=0.01),
        film("outer", 5e-6, transport=0.25, porosity=0.6),
    ]
    drops = {"inner": 1e-6 / (0.01 * KAPPA), "outer": 5e-6 / (0.25 * KAPPA), "liquid": GAP / KAPPA}
    resistance = 2.57e-3
    laws = {
        "linear": (linear(resistance), -10 * resistance),
        "Butler-Volmer": (Metal(3.0, 1.5, 0.5), overpotential(-10.0, 3.0, 1.5, 0.5, VT)),
    }
    for name, (metal, kinetic) in laws.items():
        result = solved(comm, metal, films=films, control=current(-10.0), width=20e-6)
        total = kinetic - 10 * sum(drops.values())
        yield relative(f"voltage, {name} [V]", result.potential, total, EXACT)
        assert result.voltage is not None
        assert result.outer_face is not None
        for layer, drop in drops.items():
            found = result.voltage.ohmic[layer]
            yield relative(f"ohmic drop, {name}, {layer} [V]", found, -10 * drop, EXACT)
        for where, chart in (("surface", result.surface), ("outer face", result.outer_face)):
            local = chart.values["current_density"]
            yield worst(f"local current, {name}, {where} [A/m2]", local, -10.0, EXACT, scale=10.0)


def primary_layers(comm: MPI.Intracomm) -> Iterator[Check]:
    """Ohm alone at level `primary`; the imposed current found by linearity."""
    films = [film("inner", 1e-6, transport=0.01)]
    drop = 1e-6 / (0.01 * KAPPA) + GAP / KAPPA
    for name, control in (("current", current(-10.0)), ("potential", potential(-10 * drop))):
        case = case_of(
            "primary", GAP, SALT, Metal(1.0), conductivity=KAPPA, films=films, control=control
        )
        result = solve(case, comm)
        found = result.mean_current_density
        yield relative(f"current density, {name} imposed [A/m2]", found, -10.0, EXACT)
        yield relative(f"voltage, {name} imposed [V]", result.potential, -10 * drop, EXACT)


def meshed_metal(comm: MPI.Intracomm) -> Iterator[Check]:
    """The electronic drop of a resolved metal: 1e-11 V in zinc, 0.5 mV at 1e-3 S/m.

    In zinc the drop is 1e-9 of the thermal voltage; stored as a deviation it keeps its digits.
    """
    thickness, resistance = 50e-9, 2.57e-3
    laws = {
        "linear": (linear(resistance), -10 * resistance),
        "Butler-Volmer": (Metal(3.0, 1.5, 0.5), overpotential(-10.0, 3.0, 1.5, 0.5, VT)),
    }
    for conductivity, name in ((1.7e7, "linear"), (1e-3, "linear"), (1e-3, "Butler-Volmer")):
        layer = {
            "thickness": si(thickness, "m"),
            "potential": "resolved",
            "electronic_conductivity": si(conductivity, "S/m"),
        }
        (metal, kinetic), at = laws[name], f"sigma = {conductivity:g} S/m, {name}"
        result = solved(comm, metal, metal_layer=layer, control=current(-10.0))
        electronic = -10 * thickness / conductivity
        assert result.voltage is not None
        found = result.voltage.electronic
        yield relative(f"electronic drop, {at} [V]", found, electronic, 1e-7)
        total = electronic + kinetic - 10 * GAP / KAPPA
        yield relative(f"voltage, {at} [V]", result.potential, total, EXACT)
        terminal = next(b for b in result.balances if b.name == "solid terminal")
        yield absolute(f"mismatch at the terminal, {at}", terminal.mismatch, 0.0, 1e-10)


def ohm_stack(comm: MPI.Intracomm) -> Iterator[Check]:
    """Reference case 7b: a conductor of 1e4 S/m, which is the meshed metal, and two of the liquid.

    The contact resistances are the linear kinetics of the metal (left) and a film of the same
    resistance in place of the right one: both electrodes of a case are alike.
    """
    known = values("case07")
    left, right, kappa = 0.001284, 0.0002, 0.2
    layer = {"thickness": "200 nm", "potential": "resolved", "electronic_conductivity": "1e4 S/m"}
    contact = film("contact", 1e-6, transport=1e-6 / right / kappa)
    case = case_of(
        "secondary",
        50e-6,
        SALT,
        linear(left),
        conductivity=kappa,
        films=[contact, film("slow", 1e-6, transport=0.25)],
        metal_layer=layer,
        control=potential(0.1),
    )
    result = solve(case, comm)
    yield relative("current density [A/m2]", result.mean_current_density, known["ohm|i"], EXACT)
    assert result.voltage is not None
    rise = known["ohm|phi_layer2_left"] - known["ohm|phi_layer3_left"]
    yield relative("drop of the slow layer [V]", result.voltage.ohmic["slow"], rise, EXACT)
    electronic = known["ohm|phi_layer1_left"] - known["ohm|phi_layer2_left"]
    yield relative("drop of the metal [V]", result.voltage.electronic, electronic, 1e-7)


def porous(comm: MPI.Intracomm) -> Iterator[Check]:
    """A porous electrode of one block over a metal that does not react, P2."""
    length, area, resistance, kappa = 5e-6, 1e7, 2.57e-2, 0.5
    for ratio in (0.1, 1.0, 10.0):
        block = {
            "name": "silver",
            "material": "Ag_nanoparticles",
            "thickness": si(length, "m"),
            "porosity": 0.5,
            "tortuosity_factor": 1.0,
            "constrictivity": 1.0,
            "electronic_conductivity": si(kappa * ratio, "S/m"),
            "specific_area": si(area, "1/m"),
        }
        case = case_of(
            "secondary",
            20e-6,
            SALT,
            linear(1e12),
            conductivity=kappa / 0.5,
            films=[block],
            kinetics={"silver": linear(resistance).table(SALT[0])},
            control=current(-10.0),
            mesh={"first_cell": "10 nm", "growth": 1.1, "far_size": "100 nm", "order": 2},
        )
        outside = 20e-6 / (kappa / 0.5)
        inside = porous_electrode(length, kappa, kappa * ratio, area, resistance)
        found = solve(case, comm).potential / -10
        quantity = f"resistance, sigma/kappa = {ratio:g} [ohm m2]"
        yield relative(quantity, found, inside + outside, 1e-6)


def warm_cell(comm: MPI.Intracomm) -> Iterator[Check]:
    """At 323.15 K overpotentials scale with the temperature."""
    metal, control = Metal(5.0), current(-10.0)
    result = solved(comm, metal, control=control, temperature="323.15 K")
    kinetic = overpotential(-10.0, 5.0, 1.0, 1.0, VT * 323.15 / 298.15)
    exact = kinetic - 10 * GAP / KAPPA
    yield relative("voltage [V]", result.potential, exact, EXACT)


_SERIES = "resistances in series, closed form"
PROBLEMS = (
    KnownProblem(
        "stack.symmetric-cell",
        "voltage and its parts, two Butler-Volmer electrodes, i0 of 1 to 30 A/m2",
        f"{_SERIES}; Butler-Volmer inverted",
        symmetric_cell,
    ),
    KnownProblem(
        "stack.zinc-against-zinc",
        "cell voltage at 1 mA/cm2 for ten rate laws",
        "table of a Zn//Zn cell, to its digits",
        zinc_against_zinc,
    ),
    KnownProblem(
        "stack.films", "two films in series under nonlinear kinetics", _SERIES, layers_in_series
    ),
    KnownProblem("stack.primary", "film and electrolyte at `primary`", _SERIES, primary_layers),
    KnownProblem(
        "stack.meshed-metal", "electronic drop of zinc and of a poor metal", _SERIES, meshed_metal
    ),
    KnownProblem(
        "stack.ohm",
        "three conductors and two contact resistances",
        "reference case 7b, closed form",
        ohm_stack,
    ),
    KnownProblem(
        "stack.porous-electrode",
        "resistance of a porous conductor, three ratios of conductivities",
        "Newman & Tobias (1962), closed form",
        porous,
    ),
    KnownProblem("stack.temperature", "cell voltage at 323.15 K", _SERIES, warm_cell),
)
