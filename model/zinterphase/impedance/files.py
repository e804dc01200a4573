"""A spectrum in its folder; not collective."""

import csv

from zinterphase.case import Case
from zinterphase.impedance.circuit import Circuit
from zinterphase.impedance.measured import MeasuredSpectrum
from zinterphase.impedance.numbers import impedance_quantities
from zinterphase.impedance.spectrum import Spectrum
from zinterphase.impedance.temperatures import TemperatureSeries
from zinterphase.observe.quantity import Kind, Quantity
from zinterphase.observe.surface import AXES
from zinterphase.output.figures import save_figure
from zinterphase.output.files import write_rows
from zinterphase.output.runfolder import RunFolder

TEMPERATURES = "temperatures.csv"
TABLE, BARE, MAP, FIGURE = (
    "impedance.csv", "impedance_bare.csv", "local_impedance.csv", "impedance.png",
)  # fmt: skip


def write_spectrum(
    folder: RunFolder,
    case: Case,
    found: Spectrum,
    circuit: Circuit | None,
    measured: MeasuredSpectrum | None,
    series: TemperatureSeries | None = None,
) -> None:
    """Write numbers, `impedance.csv` with the parts, `impedance_bare.csv` without header for
    impedance.py, `local_impedance.csv`, `temperatures.csv` where there is a series, and
    `impedance.png`."""
    from zinterphase.impedance.figure import impedance_figure

    numbers = impedance_quantities(case, found, circuit, measured)
    if series is not None:
        energy = Quantity(series.activation_energy, "J/mol", Kind.DISCRETISED)
        numbers["impedance.activation_energy.R_ct"] = energy
        write_rows(folder.claim(TEMPERATURES), _temperatures(series))
    folder.write_results(numbers)
    write_rows(folder.claim(TABLE), spectrum_rows(found))
    with folder.replacing(BARE) as temporary, temporary.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for f, z in zip(found.frequency.tolist(), found.impedance.tolist(), strict=True):
            writer.writerow((f, z.real, z.imag))
    write_rows(folder.claim(MAP), _places(found))
    save_figure(impedance_figure(case, found, circuit, measured), folder.claim(FIGURE))


def _temperatures(series: TemperatureSeries) -> list[dict[str, object]]:
    columns = (series.temperature, series.transfer, series.ohmic)
    return [
        {"temperature_K": t, "R_ct_ohm m2": transfer, "R_ohm_ohm m2": ohmic}
        for t, transfer, ohmic in zip(*(c.tolist() for c in columns), strict=True)
    ]


def spectrum_rows(found: Spectrum) -> list[dict[str, object]]:
    """A row for each frequency: Z and its parts, real and imaginary [ohm m2]."""
    rows = []
    for k, (f, z) in enumerate(
        zip(found.frequency.tolist(), found.impedance.tolist(), strict=True)
    ):
        row: dict[str, object] = {"frequency_Hz": f, "re_ohm m2": z.real, "im_ohm m2": z.imag}
        for name, part in found.parts.items():
            row |= {f"{name}_re_ohm m2": float(part[k].real),
                    f"{name}_im_ohm m2": float(part[k].imag)}  # fmt: skip
        rows.append(row)
    return rows


def _places(found: Spectrum) -> list[dict[str, object]]:
    """A row for each facet and frequency."""
    rows = []
    for frequency, z in found.maps.items():
        for place, area, local in zip(
            found.places.tolist(), found.areas.tolist(), z.tolist(), strict=True
        ):
            row: dict[str, object] = {"frequency_Hz": frequency}
            row |= dict(zip(AXES, place, strict=False))
            rows.append({**row, "area": area, "re_ohm m2": local.real, "im_ohm m2": local.imag})
    return rows
