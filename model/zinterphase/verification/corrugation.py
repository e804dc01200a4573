"""Current over wavy and patchy electrodes, with and without films, at `secondary` and `primary`.

Left out of reference case 5: the flat film of `film_finite` (4.77 um of wave in 5 um of film: the
mesh recipe refuses a layer thinner than 5 % of itself anywhere) and `corr_difflim` (limiting
current, a diffusion problem).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.observe.harmonic import first_harmonic
from zinterphase.observe.surface import SurfaceMap
from zinterphase.parallel import on_root
from zinterphase.result import Result
from zinterphase.run import solve
from zinterphase.verification.cells import (
    Metal,
    binary,
    case_of,
    current,
    film,
    linear,
    potential,
    si,
)
from zinterphase.verification.closed.distribution import (
    Film,
    corrugation_response,
    patch_response,
)
from zinterphase.verification.compared import values
from zinterphase.verification.grids import shared_folder
from zinterphase.verification.known import Check, KnownProblem, relative

SALT, KAPPA, GAP = binary(2, 2000.0), 5.0, 100e-6
RESISTANCES = {"0": 0.0, "0.0001284": 1.284e-4, "0.001284": 1.284e-3}
FILMS = [(1e-6, 0.5), (1e-6, 0.05), (5e-6, 0.5)]
WAVELENGTHS = (5, 20, 50, 200)


def distribution(resistance: float, thickness: float, **more: Any) -> Case:
    """`secondary` with linear kinetics, or `primary` without kinetic resistance."""
    level, metal = ("secondary", linear(resistance)) if resistance else ("primary", Metal(1.0))
    return case_of(level, thickness, SALT, metal, conductivity=KAPPA, **more)


def corrugated(
    wavelength: float,
    amplitude: float,
    resistance: float,
    layer: Film | None,
    columns: int = 32,
    order: int = 2,
) -> Case:
    """Half a wave between mirror planes, 1 V."""
    width, films = wavelength / 2, []
    first = width / columns
    if layer is not None:
        top = "conformal" if layer.conformal else "flat"
        transport = layer.conductivity / KAPPA
        shape = {"top": top, "lateral_transport": layer.lateral}
        films = [film("film", layer.thickness, transport=transport, **shape)]
        first = min(first, layer.thickness / 8)
    mesh = {
        "lateral_size": si(width / columns, "m"),
        "first_cell": si(first, "m"),
        "far_size": si(GAP / 20, "m"),
        "growth": 1.2,
        "order": order,
    }
    surface = {
        "shape": "sinusoidal",
        "amplitude": si(amplitude, "m"),
        "wavelength": si(wavelength, "m"),
    }
    options = {"films": films, "surface": surface, "mesh": mesh, "control": potential(-1.0)}
    return distribution(resistance, GAP, width=width, **options)


def relative_harmonic(result: Result, wavelength: float) -> float:
    """First cosine coefficient of the projected current density over its mean."""
    return first_harmonic(result.surface, wavelength) / result.mean_current_density


def linear_response(micrometres: int, resistance: float, comm: MPI.Intracomm) -> Iterator[Check]:
    """i1/(i k h) without film, and with conformal and flat films of three kinds."""
    wavelength = micrometres * 1e-6
    k = 2 * np.pi / wavelength
    layers: list[Film | None] = [None]
    layers += [Film(d, kf, conformal) for d, kf in FILMS for conformal in (False, True)]
    # Films that conduct ten times better along, and ten times better across.
    layers += [Film(5e-6, 0.5, conformal, x) for x in (0.1, 10.0) for conformal in (False, True)]
    for layer in layers:
        amplitude = 1e-3 * (1 / k if layer is None else min(1 / k, layer.thickness))
        result = solve(corrugated(wavelength, amplitude, resistance, layer), comm)
        found = relative_harmonic(result, wavelength) / (k * amplitude)
        exact = corrugation_response(k, KAPPA, GAP, resistance, layer)
        yield relative(f"i1/(i k h), {_name(layer)}", found, exact, 2e-3)


def _name(layer: Film | None) -> str:
    if layer is None:
        return "no film"
    top = "conformal" if layer.conformal else "flat"
    along = "" if layer.lateral == 1.0 else f", {layer.lateral:g} times that along"
    return f"{layer.thickness * 1e6:.0f} um {top} film of {layer.conductivity:g} S/m{along}"


def finite_amplitude(comm: MPI.Intracomm) -> Iterator[Check]:
    """kh = 0.3 and 1: mean, peak and valley, the last two per true area."""
    wavelength = 100e-6
    for steepness in ("0.3", "1"):
        for name in ("0", "0.0001284"):
            amplitude = float(steepness) * wavelength / (2 * np.pi)
            # Without kinetic resistance the current is recovered at nodes, evenly with P1 only.
            order, columns = (2, 64) if RESISTANCES[name] else (1, 128)
            case = corrugated(wavelength, amplitude, RESISTANCES[name], None, columns, order)
            key = f"corr_finite|kh{steepness}|Rct{name}|"
            yield from peak_and_valley(solve(case, comm), key, wavelength)


def finite_amplitude_under_a_film(comm: MPI.Intracomm) -> Iterator[Check]:
    """kh = 0.3, 5 um of conformal film."""
    wavelength = 100e-6
    amplitude = 0.3 * wavelength / (2 * np.pi)
    for name, conductivity in (("0", 0.5), ("0.0001284", 0.5), ("0.0001284", 0.05)):
        layer = Film(5e-6, conductivity)
        case = corrugated(wavelength, amplitude, RESISTANCES[name], layer, columns=64)
        key = f"film_finite|kh0.3|Rct{name}|d5um|kf{conductivity:g}|conformal|"
        yield from peak_and_valley(solve(case, comm), key, wavelength)


def peak_and_valley(result: Result, key: str, wavelength: float) -> Iterator[Check]:
    """Mean current density, and the local one at both ends over it."""
    known, mean = values("case05"), -result.mean_current_density
    exact = known[f"{key}i_avg_projected_per_V"]
    yield relative(f"{key}mean [A/m2]", mean, exact, 1e-3)
    peak, valley = _ends(result.surface, wavelength / 2)
    yield relative(f"{key}peak/mean", -peak / mean, known[f"{key}i_peak_over_iavg"], 5e-3)
    yield relative(f"{key}valley/mean", -valley / mean, known[f"{key}i_valley_over_iavg"], 5e-3)


def _ends(chart: SurfaceMap, width: float) -> tuple[float, float]:
    """Current density at peak and valley, where it is even in the lateral position."""
    x, i = chart.position[:, 0], chart.values["current_density"]
    found = []
    for distance in (x, width - x):
        near = np.argsort(distance)[:12]
        found.append(np.polynomial.polynomial.polyfit((distance[near] / width) ** 2, i[near], 2)[0])
    return float(found[0]), float(found[1])


def patches(micrometres: int, comm: MPI.Intracomm) -> Iterator[Check]:
    """i1/(e i) for i0 (1 + e cos kx) on a flat electrode, films of 1 um."""
    wavelength, resistance, patch = micrometres * 1e-6, 25.7e-4, 1e-3
    for ratio in (None, 0.25, 1e-3, 1e-4, 1e-5):
        layer = None if ratio is None else Film(1e-6, 5.65 * ratio)
        with shared_folder(comm) as folder:
            case = on_root(comm, partial(_patchy, folder, wavelength, resistance, patch, layer))
            result = solve(case, comm)
        found = relative_harmonic(result, wavelength) / patch
        exact = patch_response(2 * np.pi / wavelength, 5.65, resistance, layer)
        name = "no film" if ratio is None else f"film of {ratio:g} kappa"
        yield relative(f"i1/(e i), {name}", found, exact, 2e-4)


def _patchy(
    folder: Path, wavelength: float, resistance: float, patch: float, layer: Film | None
) -> Case:
    """Half a wave; the mesh ends at 4 wavelengths or more, where tanh(kL) = 1 to 1e-9."""
    x = np.linspace(0.0, wavelength / 2, 401)
    factor = 1 + patch * np.cos(2 * np.pi * x / wavelength)
    rows = ["x,factor", *(f"{a!r},{b!r}" for a, b in np.column_stack([x, factor]).tolist())]
    (folder / "i0.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    films = []
    if layer is not None:
        films = [film("film", layer.thickness, transport=layer.conductivity / 5.65)]
    height = max(4 * wavelength, 20e-6)
    return case_of(
        "secondary",
        height,
        SALT,
        linear(resistance, extra={"map": {"file": "i0.csv"}}),
        conductivity=5.65,
        films=films,
        width=wavelength / 2,
        control=current(-10.0),
        folder=folder,
        mesh={
            "lateral_size": si(wavelength / 64, "m"),
            "first_cell": si(min(wavelength, 4e-6) / 64, "m"),
            "far_size": si(height / 15, "m"),
            "order": 2,
        },
    )


def _linear_responses() -> Iterator[KnownProblem]:
    for micrometres in WAVELENGTHS:
        for resistance in RESISTANCES.values():
            yield KnownProblem(
                f"distribution.wave-{micrometres}um-{resistance * 1e4:g}ohm-cm2",
                f"linear response of a {micrometres} um wave without and under ten films",
                "first-order perturbation of the layered cell, closed form",
                partial(linear_response, micrometres, resistance),
            )


def _patch_responses() -> Iterator[KnownProblem]:
    for micrometres in (1, 10, 100):
        yield KnownProblem(
            f"distribution.patch-{micrometres}um",
            f"share of a {micrometres} um wave of i0 in the current, without and under four films",
            "1/(1 + Z(k)/R_ct), closed form",
            partial(patches, micrometres),
        )


PROBLEMS = (
    *_linear_responses(),
    *_patch_responses(),
    KnownProblem(
        "distribution.steep-wave",
        "mean, peak and valley at kh = 0.3 and 1",
        "reference case 5: spectral mapping and Rayleigh series",
        finite_amplitude,
    ),
    KnownProblem(
        "distribution.steep-wave-under-film",
        "mean, peak and valley at kh = 0.3 under 5 um of conformal film",
        "reference case 5: boundary series in two domains",
        finite_amplitude_under_a_film,
    ),
)
