"""Small cells for experiments, and courses made of closed forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from zinterphase.case import Draft
from zinterphase.experiments.course import Array, Course
from zinterphase.experiments.experiment import Reduced
from zinterphase.experiments.parameters import values_of
from zinterphase.experiments.registry import EXPERIMENTS
from zinterphase.experiments.setup import Setup

CASES = Path(__file__).parents[2] / "cases"
SMALL = (
    "geometry={dimension=1}", "metrics={}", "mesh.far_size=10 um", "time.rtol=1e-2",
    'kinetics.zinc={exchange_current_density="0.5 mA/cm^2"}',
)  # fmt: skip
"""Bare zinc on a line, with few cells and long steps of time."""
CORRODING = ("geometry={dimension=1}", "mesh.far_size=10 um", "time.rtol=1e-2")
FACTS = {
    "rest_voltage": -0.8,
    "exchange_current_density": 5.0,
    "electrons": 2.0,
    "thermal_voltage": 0.0257,
    "limiting_current": 4000.0,
}


def small(name: str, **given: str) -> Setup:
    """Bare zinc on a line, ready for an experiment."""
    experiment = EXPERIMENTS[name]
    values = values_of(experiment.parameters, given)
    return Setup.load(experiment, values, CASES / "bare.toml", SMALL)


def corroding(name: str, **given: str) -> Setup:
    """Zinc that dissolves at rest while copper plates, on a line."""
    experiment = EXPERIMENTS[name]
    draft = Draft.load(CASES / "copper_beside_zinc.toml").changed({"kinetics.zinc.spread": None})
    return Setup(experiment, values_of(experiment.parameters, given), draft, CORRODING)


def step(
    visit: int, current: float, voltage: Array | float, begin: float = 0.0, charge: float = 0.0
) -> dict[str, Array]:
    """1000 s at a constant current after ``charge`` has passed; 51 rows."""
    time = np.linspace(0.0, 1000.0, 51)
    return {
        "visit": np.full(51, float(visit)),
        "cycle": np.ones(51),
        "time": begin + time,
        "current": np.full(51, current),
        "voltage": np.broadcast_to(voltage, 51).astype(np.float64),
        "charge": charge + current * time,
        "thickness_cv": np.full(51, 0.1),
    }


def course(steps: Sequence[Mapping[str, Array]], **facts: float) -> Course:
    """Steps one behind the other."""
    columns = {name: np.concatenate([s[name] for s in steps]) for name in steps[0]}
    return Course(columns, {**FACTS, **facts})


def sweep(
    visit: int, overpotentials: Array, laws: Mapping[str, Callable[[Array], Array]]
) -> dict[str, Array]:
    """Rows of a sweep in which each reaction follows its own law of the overpotential; `own` is
    the metal's."""
    found = {name: law(overpotentials) for name, law in laws.items()}
    side = {f"reaction.{name}": i for name, i in found.items() if name != "own"}
    count = len(overpotentials)
    return {
        "visit": np.full(count, float(visit)),
        "time": np.linspace(0.0, 100.0, count),
        "voltage": FACTS["rest_voltage"] + overpotentials,
        "current": np.asarray(sum(found.values())),
        "own": found["own"],
        **side,
    }


def numbers(name: str, found: Course, **given: str) -> dict[str, float | None]:
    """What an experiment reduces a course to."""
    return {key: q.value for key, q in reduced(name, found, **given).quantities.items()}  # type: ignore[misc]


def reduced(name: str, found: Course, **given: str) -> Reduced:
    """The same with lines and remark."""
    experiment = EXPERIMENTS[name]
    return experiment.reduce(found, values_of(experiment.parameters, given))
