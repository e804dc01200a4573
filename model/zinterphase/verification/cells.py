"""Cases of the known problems, built as a user would write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.run import mesh_case
from zinterphase.scales import thermal_voltage
from zinterphase.solve.problem import Problem

TEMPERATURE = 298.15
VT = thermal_voltage(TEMPERATURE)
WATER = 78.4
SLENDER = 50.0
"""Height over width of a strip: above the ratio where the recipe meshes an isotropic core."""


def si(value: float, unit: str) -> str:
    """A quantity as the case file writes it, all digits kept."""
    return f"{float(value)!r} {unit}"


@dataclass(frozen=True)
class SampleIon:
    """An explicit species, SI."""

    name: str
    charge: int
    diffusivity: float
    concentration: float

    def table(self) -> dict[str, Any]:
        """As the case file has it."""
        return {
            "name": self.name,
            "charge": self.charge,
            "diffusivity": si(self.diffusivity, "m^2/s"),
            "concentration": si(self.concentration, "mol/m^3"),
        }


def binary(
    charge: int, concentration: float, diffusivities: tuple[float, float] = (0.7e-9, 1.05e-9)
) -> tuple[SampleIon, SampleIon]:
    """A z:z salt of a metal "M" that reacts and an anion "A" that does not."""
    cation = SampleIon("M", charge, diffusivities[0], concentration)
    return cation, SampleIon("A", -charge, diffusivities[1], concentration)


@dataclass(frozen=True)
class Metal:
    """Kinetics at bulk composition, SI; potentials against the equilibrium with the bulk."""

    exchange: float
    alpha_a: float = 1.0
    alpha_c: float = 1.0
    pzc: float = 0.0
    stern: float = 0.2
    form: str = "butler_volmer"
    contact: float = 1.0
    extra: Mapping[str, Any] = field(default_factory=dict)

    def table(self, reactant: SampleIon) -> dict[str, Any]:
        """As the case file has it."""
        return {
            "reactant": reactant.name,
            "exchange_current_density": si(self.exchange, "A/m^2"),
            "reference_concentration": si(reactant.concentration, "mol/m^3"),
            "alpha_a": self.alpha_a,
            "alpha_c": self.alpha_c,
            "formal_potential": "0 V",
            "pzc": si(self.pzc, "V"),
            "stern_capacitance": si(self.stern, "F/m^2"),
            "contact_fraction": self.contact,
            "form": self.form,
            **self.extra,
        }


def linear(resistance: float, charge: int = 2, **more: Any) -> Metal:
    """Linear kinetics of a charge-transfer resistance [ohm m2]."""
    half = charge / 2
    exchange = VT / (charge * resistance)
    return Metal(exchange, half, half, form="linear", **more)


def film(name: str, thickness: float, *, transport: float = 1.0, **more: Any) -> dict[str, Any]:
    """A porous insulator whose effective over free conductivity is ``transport``.

    The porosity is one half unless given; tortuosity or constrictivity make up the rest.
    """
    porosity = more.pop("porosity", 0.5)
    ratio = transport / porosity
    assert ratio <= 1.0, "pores cannot conduct better than straight ones"
    return {
        "name": name,
        "material": "TiO2",
        "thickness": si(thickness, "m"),
        "porosity": porosity,
        "tortuosity_factor": 1.0 / ratio,
        "constrictivity": 1.0,
        "permittivity": WATER,
        "fixed_charge": "0 mol/m^3",
        **more,
    }


def tables(
    level: str,
    thickness: float,
    ions: Sequence[SampleIon],
    metal: Metal,
    *,
    control: Mapping[str, str],
    films: Sequence[Mapping[str, Any]] = (),
    width: float | None = None,
    conductivity: float | None = None,
    counter: bool = False,
    mesh: Mapping[str, Any] | None = None,
    metal_layer: Mapping[str, Any] | None = None,
    surface: Mapping[str, Any] | None = None,
    liquid: Mapping[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Tables of a case: metal | films | electrolyte of ``thickness``.

    Without ``width`` the cell is a strip one lateral cell wide, one-dimensional but for its name.
    """
    strip = width is None
    extent = thickness / SLENDER if width is None else width
    options = {"lateral_size": si(extent, "m")} if strip else {}
    electrolyte: dict[str, Any] = {
        "permittivity": WATER,
        "species": [ion.table() for ion in ions],
        **more.pop("electrolyte", {}),
    }
    if conductivity is not None:
        electrolyte["conductivity"] = si(conductivity, "S/m")
    geometry = {"dimension": 2, "width": si(extent, "m"), **more.pop("geometry", {})}
    if surface is not None:
        geometry["surface"] = dict(surface)
    return {
        "title": "verification",
        "level": level,
        "accept_invalid": True,
        "temperature": si(TEMPERATURE, "K"),
        "reference": "SHE",
        "geometry": geometry,
        "layers": [
            {"name": "metal", "material": "Zn", "thickness": "1 um", **(metal_layer or {})},
            *(dict(layer) for layer in films),
            {
                "name": "liquid",
                "material": "electrolyte",
                "thickness": si(thickness, "m"),
                **(liquid or {}),
            },
        ],
        "electrolyte": electrolyte,
        "kinetics": {"metal": metal.table(ions[0]), **more.pop("kinetics", {})},
        "counter": {"type": "electrode", "like": "metal"} if counter else {"type": "reservoir"},
        "control": dict(control),
        "mesh": {**options, **(mesh or {})},
        "metrics": {"smoothing_radius": si(extent / 10, "m")},
        **more,
    }


def on_a_line(data: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of a flat, uniform cell on a line: without all that is lateral."""
    mesh = {key: value for key, value in data["mesh"].items() if key != "lateral_size"}
    kept = {key: value for key, value in data.items() if key != "metrics"}
    return {**kept, "geometry": {"dimension": 1}, "mesh": mesh}


def case_of(*args: Any, folder: Path | None = None, **more: Any) -> Case:
    """The case of :func:`tables`."""
    return Case.from_dict(tables(*args, **more), folder=folder)


def potential(value: float) -> dict[str, str]:
    """Control by the working electrode's potential [V]."""
    return {"potential": si(value, "V")}


def current(value: float) -> dict[str, str]:
    """Control by the mean current density [A/m2], cathodic negative."""
    return {"current_density": si(value, "A/m^2")}


def problem_of(case: Case, comm: MPI.Intracomm = MPI.COMM_WORLD) -> Problem:
    """The discrete problem of a case on its own mesh; collective."""
    return Problem(case, mesh_case(case, comm).domain)
