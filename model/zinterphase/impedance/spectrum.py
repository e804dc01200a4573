"""A spectrum with its parts, about a prepared state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from zinterphase.impedance.arrays import Array, Complex
from zinterphase.impedance.frequencies import resolved
from zinterphase.impedance.linearised import SmallSignal
from zinterphase.impedance.local import LocalImpedance
from zinterphase.impedance.prepared import Prepared
from zinterphase.impedance.response import Response
from zinterphase.impedance.split import DIFFUSION, SERIES, SURFACES, Split
from zinterphase.impedance.states import answering


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Frequencies [Hz], rising, impedances [ohm m2] there and their ``parts``, which add up.

    ``resistance`` [ohm m2] of charge transfer and ``capacitance`` [F/m2] of double layers are by
    the slopes of the walls' laws, all walls in series, as the current is spread at the lowest and
    at the highest frequency; None where there are none. ``maps`` are local impedances [ohm m2] by
    frequency, on the rows of ``places``, with states of walls as they are.
    """

    frequency: Array
    impedance: Complex
    parts: Mapping[str, Complex]
    resistance: float | None
    capacitance: float | None
    places: Array
    areas: Array
    maps: Mapping[float, Complex]
    iterations: tuple[int, ...]


def spectrum(
    prepared: Prepared,
    low: float,
    high: float,
    *,
    given: bool = False,
    told: Callable[[float, complex], None] = lambda frequency, impedance: None,
) -> Spectrum:
    """From ``low`` to ``high`` [Hz], which are the ends where they are ``given``; collective.

    Raises :class:`CaseError` where nothing is stored, :class:`SolveError`.
    """
    problem = prepared.problem
    held = Response(SmallSignal(problem, prepared.storage))
    full = held
    if answering(prepared.storage):
        full = Response(SmallSignal(problem, prepared.storage, answering_states=True))
    split = Split(problem, prepared.storage)
    local = LocalImpedance(problem, split.disturbance)
    found: dict[float, tuple[complex, dict[str, complex]]] = {}
    numbers: dict[float, Any] = {}

    def at(frequency: float) -> complex:
        answer, omega = held.at(frequency), 2 * np.pi * frequency
        parts = split.parts(omega, answer.fields, answer.current)
        impedance = answer.impedance if full is held else full.at(frequency).impedance
        parts[SURFACES] = impedance - answer.impedance
        found[frequency] = impedance, parts
        numbers[frequency] = (
            split.closed(omega, answer.fields, answer.current),
            local.at(omega, answer.fields),
        )
        told(frequency, impedance)
        return impedance

    frequency, impedance = resolved(at, low, high, given=given)
    parts = _columns([found[f][1] for f in frequency])
    parts[SERIES] = np.full(len(frequency), held.series, dtype=np.complex128)
    parts[DIFFUSION] = impedance - sum(parts.values())
    resistance, capacitance = numbers[frequency[0]][0][0], numbers[frequency[-1]][0][1]
    apex = frequency[int(np.argmin(impedance.imag))]
    shown = dict.fromkeys((frequency[0], apex, frequency[-1]))
    iterations = tuple(held.solver.iterations)
    for response in {id(held): held, id(full): full}.values():
        response.close()
    return Spectrum(
        frequency,
        impedance,
        {name: column for name, column in parts.items() if np.any(column)},
        resistance if np.isfinite(resistance) else None,
        capacitance if np.isfinite(capacitance) and capacitance > _NO_CAPACITANCE else None,
        local.places,
        local.areas,
        {float(f): numbers[f][1] for f in shown},
        iterations,
    )


_NO_CAPACITANCE = 1e-9
"""Of walls that store nothing [F/m2]."""


def _columns(rows: list[dict[str, complex]]) -> dict[str, npt.NDArray[np.complex128]]:
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}
