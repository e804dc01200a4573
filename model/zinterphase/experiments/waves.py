"""Corrugated surfaces in place of a case's own: how fast each grows, by the program and by theory.

Between mirror planes lies half a wave, on a mesh that follows wave and films. Kinetics are uniform,
nothing reacts but the metal's own ion: what the theory has. To first order the growth of a wave is
its amplitude times sigma; two amplitudes, a and 2 a, take out what is of third order in them.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from math import pi
from typing import Any

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.case.levels import LEVELS
from zinterphase.cell.deposit import volume_per_charge
from zinterphase.cell.electrodes import cell_of
from zinterphase.cell.waves import swept_share, wave_growth
from zinterphase.ensemble.jobs import Job, run_job
from zinterphase.experiments.course import Array
from zinterphase.observe.harmonic import first_harmonic
from zinterphase.result import Result
from zinterphase.units import with_unit

FILM_CELLS = 8
FAR_CELLS = 30
GROWTH = 1.15


@dataclass(frozen=True)
class Wave:
    """A surface amplitude cos(2 pi x/wavelength) [m], with ``cells`` a wavelength."""

    wavelength: float
    amplitude: float
    cells: int


def waves(case: Case, wavelengths: Sequence[float], steepness: float, cells: int) -> list[Wave]:
    """Two for each wavelength, an amplitude and twice that.

    The smaller is ``steepness`` times the least of 1/k and the films' thicknesses.
    """
    films = [layer.thickness for layer in case.layers[case.dense_count : -1]]
    return [
        Wave(wavelength, share * steepness * min([wavelength / (2 * pi), *films]), cells)
        for wavelength in sorted(wavelengths)
        for share in (1.0, 2.0)
    ]


def wave_tables(case: Case, wave: Wave, current: float) -> dict[str, Any]:
    """What replaces the values of a resolved ``case`` at dotted keys: a steady one on a wave.

    Films stand as ``case.front`` has them, if any, else as their own tops do.
    """
    films, size = case.layers[case.dense_count : -1], wave.wavelength / wave.cells
    first = min([size, *(film.thickness / FILM_CELLS for film in films)])
    found: dict[str, Any] = dict.fromkeys(("protocol", "front", "metrics", "time"))
    found |= {"electrolyte.precipitates": None, "control.potential": None}
    found["control.current_density"] = with_unit(current, "A/m^2")
    for name in case.kinetics:
        for part in ("spread", "patches", "map", "nucleation", "alloying", "reactions"):
            found[f"kinetics.{name}.{part}"] = None
    if case.front is not None:
        top = "conformal" if case.front.film == "conformal" else "flat"
        found |= {f"layers.{film.name}.top": top for film in films}
    return found | {
        "geometry": {
            "dimension": 2,
            "width": with_unit(wave.wavelength / 2, "m"),
            "surface": {
                "shape": "sinusoidal",
                "amplitude": with_unit(wave.amplitude, "m"),
                "wavelength": with_unit(wave.wavelength, "m"),
            },
        },
        "mesh": {
            "lateral_size": with_unit(size, "m"),
            "first_cell": with_unit(first, "m"),
            "far_size": with_unit(case.layers[-1].thickness / FAR_CELLS, "m"),
            "growth": GROWTH,
            "order": 2,
        },
    }


def beyond_theory(case: Case) -> str | None:
    """Why the theory has nothing to say of a case; None where it has."""
    if LEVELS[case.level].double_layer:
        return f"level {case.level}: the theory of waves has no double layers"
    if case.wall_law != "none":
        return f"wall_law {case.wall_law}: the theory of waves has no double layers"
    return None


def measured(
    cases: Sequence[Case], all_waves: Sequence[Wave], comm: MPI.Intracomm
) -> Iterator[tuple[float | None, str | None]]:
    """Wave of the deposition current over that of the height [A/m3] of each, or why there is none;
    collective."""
    for case, wave in zip(cases, all_waves, strict=True):
        found: list[float] = []

        def note(result: Result, _: float, wave: Wave = wave, found: list[float] = found) -> None:
            # What reacts in pores counts to the surface below.
            chart = result.anode if result.volumetric and result.anode else result.surface
            found.append(-first_harmonic(chart, wave.wavelength) / wave.amplitude)

        current = case.control.current_density
        assert current is not None
        with closing(run_job(Job(0, case.title, case, 0), {current: ""}, comm, note)) as runs:
            ((_, record),) = runs
        yield (found[0] if found else None), record.reason


def wave_columns(
    case: Case, solved: Sequence[Case], all_waves: Sequence[Wave], responses: Sequence[float]
) -> Mapping[str, Array]:
    """Rates [1/s] by wavelength [m], ``theory`` that of the layers, ``bare`` without films.

    ``responses`` of all waves, two for each wavelength.
    """
    wavelength = np.array([wave.wavelength for wave in all_waves[::2]])
    response = np.array(responses)
    cell, k = cell_of(solved[0]), 2 * pi / wavelength
    current = solved[0].control.current_density
    assert current is not None
    share = swept_share(case)
    volume = volume_per_charge(cell.working.surface.main)
    return {
        "wavelength": wavelength,
        "rate": volume / share * (4 * response[::2] - response[1::2]) / 3,
        "theory": wave_growth(cell, current, k).rate / share,
        "bare": wave_growth(cell, current, k, films=False).rate,
    }
