"""What a spectrum comes to, by keys: the content of its `results.json`."""

from collections.abc import Iterator

import numpy as np

from zinterphase.case import Case
from zinterphase.impedance.circuit import Circuit
from zinterphase.impedance.kramers_kronig import kramers_kronig_residuals
from zinterphase.impedance.measured import MeasuredSpectrum
from zinterphase.impedance.spectrum import Spectrum
from zinterphase.impedance.split import DIFFUSION, FILM, LIQUID, SOLID
from zinterphase.impedance.transference import transference_numbers
from zinterphase.impedance.warburg import NEEDS, warburg_coefficient
from zinterphase.observe.quantity import Kind, Quantity

Entries = Iterator[tuple[str, Quantity]]
RESISTANCE, CAPACITANCE, WARBURG = "ohm m^2", "F/m^2", "ohm m^2 s^-0.5"
STRAIGHT = 3.0
"""Off 45 degrees at which a phase is that of a Warburg element."""
OPEN = 1e3
"""Resistance over the largest impedance from which there is none to be seen."""
NO_ARC = "the spectrum is that of a capacitor: no arc ends"
NO_CIRCUIT = "no Randles circuit follows the spectrum"
NO_WALLS = "nothing reacts, or nothing is stored, at the walls"


def impedance_quantities(
    case: Case, found: Spectrum, circuit: Circuit | None, measured: MeasuredSpectrum | None
) -> dict[str, Quantity]:
    """Of a spectrum, by reduction (``circuit``) and by slopes of the laws; not collective."""
    return dict(
        [
            *_ends(found),
            *_reduced(circuit, float(np.abs(found.impedance).max())),
            *_slopes(case, found),
            ("impedance.parts.warburg", _seen_in_diffusion(found)),
            *_transference(case, found),
            *_checks(found, measured),
        ]
    )


def _ends(found: Spectrum) -> Entries:
    f, z = found.frequency, found.impedance
    yield "impedance.lowest_frequency", Quantity(float(f[0]), "Hz", Kind.DEFINITION)
    yield "impedance.highest_frequency", Quantity(float(f[-1]), "Hz", Kind.DEFINITION)
    yield "impedance.low_frequency_resistance", _discretised(float(z[0].real), RESISTANCE)
    yield "impedance.high_frequency_resistance", _discretised(float(z[-1].real), RESISTANCE)
    apex = float(f[int(np.argmin(z.imag))])
    yield "impedance.apex_frequency", _discretised(apex, "Hz")


def _reduced(circuit: Circuit | None, largest: float) -> Entries:
    """As from a measured spectrum, whose ``largest`` modulus is so large [ohm m2]."""
    open_ended = circuit is not None and circuit.transfer > OPEN * largest
    for key, unit in (
        ("resistance", RESISTANCE),
        ("transfer", RESISTANCE),
        ("capacitance", CAPACITANCE),
        ("diffusion", RESISTANCE),
        ("warburg", WARBURG),
        ("residual", "1"),
    ):
        value = None if circuit is None else float(getattr(circuit, key))
        reason = NO_CIRCUIT if circuit is None else None
        if open_ended and key in ("transfer", "diffusion", "warburg"):
            value, reason = None, NO_ARC
        name = {"resistance": "R_ohm", "transfer": "R_ct", "capacitance": "C_dl",
                "diffusion": "R_diffusion"}.get(key, key)  # fmt: skip
        yield f"impedance.circuit.{name}", _discretised(value, unit, reason)


def _slopes(case: Case, found: Spectrum) -> Entries:
    """As the laws have it."""
    ohmic = [found.parts[name][-1].real for name in (LIQUID, FILM, SOLID) if name in found.parts]
    yield "impedance.slopes.R_ohm", _discretised(float(sum(ohmic)), RESISTANCE)
    for name, value, unit in (
        ("R_ct", found.resistance, RESISTANCE),
        ("C_dl", found.capacitance, CAPACITANCE),
    ):
        reason = NO_WALLS if value is None else None
        yield f"impedance.slopes.{name}", _discretised(value, unit, reason)
    sigma = warburg_coefficient(case)
    reason = f"only for {NEEDS}" if sigma is None else None
    yield "impedance.slopes.warburg", Quantity(sigma, WARBURG, Kind.CLOSED_FORM, reason=reason)


def _transference(case: Case, found: Spectrum) -> Entries:
    numbers = transference_numbers(case, found)
    if numbers is not None:
        yield "impedance.transference.bruce_vincent_evans", _discretised(numbers[0], "1")
        yield "impedance.transference.true", Quantity(numbers[1], "1", Kind.CLOSED_FORM)


def _seen_in_diffusion(found: Spectrum) -> Quantity:
    """sqrt(w/2) |Z_d| where diffusion reaches into the cell and not across it: at 45 degrees."""
    part = found.parts[DIFFUSION]
    straight = np.abs(np.angle(part, deg=True) + 45.0) < STRAIGHT
    if not straight.any():
        return _discretised(None, WARBURG, "the diffusion part is nowhere at 45 degrees")
    omega = 2 * np.pi * found.frequency[straight]
    return _discretised(float(np.median(np.sqrt(omega / 2) * np.abs(part[straight]))), WARBURG)


def _checks(found: Spectrum, measured: MeasuredSpectrum | None) -> Entries:
    residual = np.abs(kramers_kronig_residuals(found.frequency, found.impedance))
    yield "impedance.kramers_kronig_residual", Quantity(float(residual.max()), "1", Kind.ESTIMATE)
    if measured is not None:
        off = measured.distance(found.frequency, found.impedance)
        reason = "no frequency in common" if off is None else None
        yield "impedance.measured_distance", Quantity(off, "1", Kind.ESTIMATE, reason=reason)


def _discretised(value: float | None, unit: str, reason: str | None = None) -> Quantity:
    return Quantity(value, unit, Kind.DISCRETISED, reason=reason)
