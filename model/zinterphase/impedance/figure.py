"""Nyquist and Bode figures of a spectrum, with its parts and measured points."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from zinterphase.case import Case
from zinterphase.impedance.circuit import Circuit
from zinterphase.impedance.measured import MeasuredSpectrum
from zinterphase.impedance.spectrum import Spectrum
from zinterphase.output.plotstyle import (
    COLOURS,
    TEXT_SIZE,
    TICK_SIZE,
    WIDTH,
    canvas,
    dress,
    looks,
    wrapped,
    write_caption,
)

OHM_CM2 = 1e4
RESISTANCE = r"$\Omega$ cm$^2$"
MEASURED = "#606060"
LONGEST_NAME = 24


def impedance_figure(
    case: Case, found: Spectrum, circuit: Circuit | None, measured: MeasuredSpectrum | None
) -> Figure:
    """Nyquist (a), parts of the real part (b), modulus (c) and phase (d) over the frequency."""
    text = wrapped(_caption(case, found, circuit, measured), WIDTH)
    figure, upper, lower = canvas(2, text, legend_row=False)
    figure.set_layout_engine("constrained", rect=(0, lower - 0.1, 1, upper - lower + 0.12))
    axes = figure.subplots(2, 2).ravel()
    _nyquist(axes[0], found, circuit, measured)
    _parts(axes[1], found)
    _bode(axes[2], axes[3], found, measured)
    for letter, each in zip("abcd", axes, strict=True):
        dress(each, letter)
    write_caption(figure, text)
    return figure


def _nyquist(
    axes: Axes, found: Spectrum, circuit: Circuit | None, measured: MeasuredSpectrum | None
) -> None:
    z = OHM_CM2 * found.impedance
    if circuit is not None:
        fine = np.geomspace(found.frequency[0], found.frequency[-1], 400)
        fit = OHM_CM2 * circuit.at(fine)
        axes.plot(fit.real, -fit.imag, color=COLOURS[1], linewidth=0.9, label="circuit")
    axes.plot(z.real, -z.imag, "o", color=COLOURS[0], markersize=2.2, label="computed")
    if measured is not None:
        m = OHM_CM2 * measured.impedance
        name = measured.name[:LONGEST_NAME].replace("$", r"\$")
        axes.plot(m.real, -m.imag, "s", **_points(), label=f"measured: {name}")
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xlabel(f"Re Z ({RESISTANCE})")
    axes.set_ylabel(f"\N{MINUS SIGN}Im Z ({RESISTANCE})")
    axes.legend(frameon=False, fontsize=TICK_SIZE, loc="lower center")


def _parts(axes: Axes, found: Spectrum) -> None:
    """Real parts, logarithmic where they are above zero."""
    styles = looks(list(found.parts))
    for name, part in found.parts.items():
        shown = np.where(part.real > 0.0, OHM_CM2 * part.real, np.nan)
        look = styles[name]
        axes.plot(
            found.frequency, shown, color=look.colour, linestyle=look.dashes, linewidth=1.1,
            label=name.replace("_", " "),
        )  # fmt: skip
    axes.set_xscale("log")
    axes.set_yscale("log")
    top = OHM_CM2 * float(np.abs(found.impedance).max())
    axes.set_ylim(1e-5 * top, 2 * top)
    axes.set_xlabel("Frequency (Hz)")
    axes.set_ylabel(f"Re of the parts ({RESISTANCE})")
    axes.legend(frameon=False, fontsize=TICK_SIZE)


def _bode(modulus: Axes, phase: Axes, found: Spectrum, measured: MeasuredSpectrum | None) -> None:
    f, z = found.frequency, found.impedance
    modulus.plot(f, OHM_CM2 * np.abs(z), color=COLOURS[0], linewidth=1.1)
    phase.plot(f, -np.angle(z, deg=True), color=COLOURS[0], linewidth=1.1)
    if measured is not None:
        m = measured.impedance
        modulus.plot(measured.frequency, OHM_CM2 * np.abs(m), "s", **_points())
        phase.plot(measured.frequency, -np.angle(m, deg=True), "s", **_points())
    modulus.set_yscale("log")
    modulus.set_ylabel(f"|Z| ({RESISTANCE})")
    phase.set_ylabel("\N{MINUS SIGN}Phase (degree)")
    for axes in (modulus, phase):
        axes.set_xscale("log")
        axes.set_xlabel("Frequency (Hz)", fontsize=TEXT_SIZE)


def _points() -> dict[str, Any]:
    return {
        "markersize": 3.0, "markerfacecolor": "white", "markeredgecolor": MEASURED,
        "markeredgewidth": 0.7, "linestyle": "",
    }  # fmt: skip


def _caption(
    case: Case, found: Spectrum, circuit: Circuit | None, measured: MeasuredSpectrum | None
) -> str:
    text = (
        f"{case.title}, level {case.level}: impedance per projected area (a), what its real part "
        "is made of (b), modulus (c) and phase (d)"
    )
    if circuit is not None:
        text += (
            f". Circuit: R_ohm {number(circuit.resistance)}, R_ct {number(circuit.transfer)}, "
            f"R_d {number(circuit.diffusion)} ohm cm\N{SUPERSCRIPT TWO}, "
            f"C_dl {1e2 * circuit.capacitance:.4g} \N{MICRO SIGN}F cm\N{SUPERSCRIPT MINUS}"
            "\N{SUPERSCRIPT TWO}"
        )
    off = None if measured is None else measured.distance(found.frequency, found.impedance)
    if off is not None:
        text += f". Measured and computed differ by {100 * off:.3g} % (root of the mean square)"
    return text + "."


def number(resistance: float) -> str:
    """A resistance [ohm m2] in ohm cm2."""
    return f"{OHM_CM2 * resistance:.4g}"
