"""Numbers of a run as people read them: value, interval, unit, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zinterphase.observe import keys
from zinterphase.observe.quantity import Kind, Quantity
from zinterphase.units import for_readers

STEADY = (
    (keys.MEAN_CURRENT_DENSITY, "mean current density"),
    (keys.POTENTIAL, "potential against equilibrium"),
    (keys.CV_METAL, "CV of the current per metal area"),
    (keys.MAX_OVER_MEAN_METAL, "its largest value over the mean"),
    (keys.CV, "CV of the current per projected area"),
    (keys.TIP_TO_BASE, "current at the tip over that at the base"),
    ("cell.voltage.kinetic", "kinetic part of the voltage"),
    ("cell.voltage.ohmic", "ohmic part"),
    ("cell.voltage.concentration", "concentration part"),
    ("liquid.limiting_current_fraction", "share of the limiting current"),
    ("cell.wagner_number", "Wagner number"),
    (keys.CORROSION, "corrosion current density"),
    (keys.HYDROGEN, "hydrogen"),
)
IN_TIME = (
    ("end.time", "time at the end"),
    ("end.voltage", "voltage at the end"),
    (keys.HYSTERESIS, "voltage hysteresis of the last cycle"),
    (keys.EFFICIENCY, "Coulombic efficiency of the last cycle"),
    ("end.thickness.mean", "deposit, mean thickness"),
    ("end.thickness.cv", "CV of its thickness"),
    (keys.NUCLEATION, "nucleation overpotential"),
    ("end.hydrogen", "hydrogen"),
    ("end.dissolved_charge", "charge dissolved"),
)
DISTURBED = (
    ("impedance.circuit.R_ohm", "ohmic resistance"),
    ("impedance.circuit.R_ct", "charge-transfer resistance"),
    ("impedance.circuit.C_dl", "double-layer capacitance"),
    ("impedance.circuit.warburg", "Warburg coefficient"),
    ("impedance.low_frequency_resistance", "resistance at the lowest frequency"),
    ("impedance.kramers_kronig_residual", "residual of Kramers and Kronig"),
)
_POWERS = str.maketrans({"^": "", "2": "\N{SUPERSCRIPT TWO}", "3": "\N{SUPERSCRIPT THREE}"})
ANSWERS = (*STEADY, *IN_TIME, *DISTURBED)
"""What a page begins with, of what there is."""


@dataclass(frozen=True)
class Shown:
    """A number for a page; ``note`` is why it has no interval, or no value."""

    key: str
    label: str
    value: str
    unit: str
    note: str


def answers(quantities: Mapping[str, Quantity]) -> list[Shown]:
    """The numbers a run is asked for first, as far as it has them."""
    return [shown(key, quantities[key], label) for key, label in ANSWERS if key in quantities]


def shown(key: str, quantity: Quantity, label: str = "") -> Shown:
    """Any number of a run."""
    unit, factor = for_readers(quantity.unit)
    return Shown(
        key,
        label or key,
        _value(quantity, factor),
        "" if unit == "1" else unit.translate(_POWERS),
        (quantity.note or "") if quantity.kind is not Kind.LIST else "",
    )


def _value(quantity: Quantity, factor: float) -> str:
    value, error = quantity.value, quantity.error
    if value is None:
        return "not defined"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int | float):
        return "; ".join(map(str, value)) or "none"
    if error is None or error <= 1e-12 * abs(value):
        return f"{factor * value + 0.0:.5g}"
    return f"{factor * value:.6g} \N{PLUS-MINUS SIGN} {abs(factor) * error:.2g}"
