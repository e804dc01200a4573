"""Growth of corrugations by the program against linear theory."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Draft
from zinterphase.experiments.experiment_files import write_experiment
from zinterphase.experiments.outcome import Outcome, perform
from zinterphase.experiments.parameters import values_of
from zinterphase.experiments.readable import sentences
from zinterphase.experiments.registry import EXPERIMENTS
from zinterphase.experiments.setup import Setup
from zinterphase.scales import FARADAY

from .laboratory import corroding, course, reduced

METAL = 9.157e-6 / (2 * FARADAY)
EXPERIMENT = EXPERIMENTS["dispersion"]
FEW = {"wavelengths": "3 um, 60 um", "cells": "32"}
FILM = {
    "name": "film", "material": "TiO2", "thickness": "1 um", "conducting": False, "porosity": 0.05,
}  # fmt: skip


def setup_of(*films: dict[str, Any], overrides: tuple[str, ...] = (), **more: Any) -> Setup:
    """A rough, patchy cell in time, whose front moves."""
    tables = {
        "title": "cell",
        "level": "concentrated",
        "geometry": {
            "width": "40 um",
            "surface": {"shape": "random", "rms": "0.1 um", "correlation_length": "10 um"},
        },
        "layers": [
            {"name": "zinc", "material": "Zn", "thickness": "1 um"},
            *films,
            {"name": "electrolyte", "material": "electrolyte", "thickness": "50 um"},
        ],
        "electrolyte": {"salt": "ZnSO4", "concentration": "2 mol/L"},
        "kinetics": {
            "zinc": {"spread": {"sigma_ln": 0.7, "correlation_length": "10 um"},
                     "contact_fraction": 1.0}
        },
        "front": {},
        "protocol": [{"steps": ["plate at 1 mA/cm^2 for 1 h"]}],
        **more,
    }  # fmt: skip
    values = values_of(EXPERIMENT.parameters, {"current": "5 mA/cm^2", **FEW})
    return Setup(EXPERIMENT, values, Draft(tables, Path()), overrides)


def values(found: Outcome) -> dict[str, float]:
    (anode,) = found.anodes
    assert anode.failures == {}
    intervals = {name: anode.interval(name).value for name in found.quantities}
    return {name: value for name, value in intervals.items() if value is not None}


@pytest.mark.parametrize("level", ["secondary", "concentrated", "electroneutral"])
def test_bare_metal_grows_as_the_theory_says(level: str) -> None:
    more = {"electrolyte.concentration=0.1 mol/L"} if level == "electroneutral" else set()
    found = values(perform([setup_of(overrides=(f"level={level}", *more))], comm=MPI.COMM_SELF))
    assert found["deviation.largest"] < 1e-4
    assert found["growth_rate.at_3_um"] > 0.0


@pytest.mark.parametrize(
    ("front", "more", "tolerance"),
    [
        ("conformal", {}, 5e-4),
        ("rigid", {}, 5e-4),
        ("conformal", {"lateral_transport": 5.0}, 5e-4),
        ("rigid", {"lateral_transport": 0.2}, 5e-4),
    ],
)
def test_metal_below_a_film_grows_as_the_theory_says(
    front: str, more: dict[str, float], tolerance: float
) -> None:
    setup = setup_of({**FILM, **more}, front={"film": front})
    found = values(perform([setup], comm=MPI.COMM_SELF))
    assert found["deviation.largest"] < tolerance
    assert found["amplification.largest"] > 10.0


def test_two_films_and_a_counter_electrode() -> None:
    upper = {**FILM, "name": "upper", "thickness": "2 um", "porosity": 0.2}
    setup = setup_of(FILM, upper, counter={"type": "electrode", "like": "zinc"})
    assert values(perform([setup], comm=MPI.COMM_SELF))["deviation.largest"] < 1e-3


def test_further_ions_are_in_the_theory() -> None:
    """Copper, at rest here, follows the potential."""
    setup = corroding("dispersion", **FEW)
    assert values(perform([setup], comm=MPI.COMM_SELF))["deviation.largest"] < 1e-4


def test_metal_in_a_rigid_film_rises_by_its_porosity() -> None:
    """The same current as under a film that the case calls flat, twenty times the growth."""
    rigid = setup_of(FILM, front={"film": "rigid"})
    still = {"front": None, "protocol": None, "layers.film.top": "flat"}
    steady = rigid.draft.changed({**still, "control.current_density": "-1 mA/cm^2"})
    flat = Setup(EXPERIMENT, rigid.values, steady)
    swept, plain = (values(perform([s], comm=MPI.COMM_SELF)) for s in (rigid, flat))
    assert swept["growth_rate.at_3_um"] == pytest.approx(20 * plain["growth_rate.at_3_um"])


def test_levels_with_double_layers_are_left_out_in_words() -> None:
    thin = setup_of(overrides=("level=pnp", "electrolyte.concentration=0.01 mol/L"))
    found = perform([thin, setup_of()], comm=MPI.COMM_SELF)
    (line,) = found.failures
    assert line.endswith("level pnp: the theory of waves has no double layers")


def test_a_reduction_compares_with_films_and_without() -> None:
    columns = {
        "wavelength": np.array([1e-6, 1e-5]),
        "rate": np.array([2.02e-6, 5e-7]),
        "theory": np.array([2e-6, 5e-7]),
        "bare": np.array([1e-6, 1e-6]),
    }
    found = reduced("dispersion", course([columns], surface_energy=0.9))
    named = {name: q.value for name, q in found.quantities.items()}
    assert named["deviation.largest"] == pytest.approx(0.01)
    assert named["amplification.largest"] == pytest.approx(2.02)
    assert named["amplification.least"] == pytest.approx(0.5)
    assert named["wavelength.fastest"] == 1e-6
    assert [line.guide for line in found.curves if line.panel == "growth"] == [False, True, True]
    assert "2.02 at 1 um, 0.5 at 10 um" in found.remark
    assert "leave out the surface energy" in found.remark


def test_files_tell_theory_from_what_is_computed(tmp_path: Path) -> None:
    setup = setup_of(FILM, level="secondary")
    found = perform([setup], comm=MPI.COMM_SELF, folder=tmp_path)
    write_experiment(found, tmp_path)
    assert (tmp_path / "dispersion.png").stat().st_size > 10_000
    with (tmp_path / "dispersion_curves.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["panel"] == "growth"]
    assert [row["line"] for row in rows] == ["computed"] * 2 + ["theory"] * 4
    assert float(rows[0]["y"]) == pytest.approx(float(rows[2]["y"]), rel=1e-4)
    written = json.loads((tmp_path / "dispersion.json").read_text(encoding="utf-8"))
    assert written["parameters"]["wavelengths"]["values"] == [3e-6, 6e-5]
    assert "largest deviation from linear theory" in next(iter(sentences(found)))
