"""A front's outcome as numbers by their keys and as a table of its waves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from math import isnan
from pathlib import Path

import numpy as np

from zinterphase.observe.front_outcome import FrontOutcome
from zinterphase.observe.quantity import Kind, Quantity
from zinterphase.observe.relief_spectrum import ModeGrowth
from zinterphase.output.files import write_rows

MODES = "front_modes.csv"
_COLUMNS = ("wavelength", "amplitude_before", "amplitude", "exponent", "theory")
NO_ERROR = "one mesh: no error of the mesh known"


def front_quantities(found: FrontOutcome) -> Iterator[tuple[str, Quantity]]:
    """Growth of the relief, evenness of what lies on it, and the wave that grew most."""
    for field in fields(found.growth):
        yield f"front.growth.{field.name}", _number(getattr(found.growth, field.name), "m")
    yield "front.deposit.thickness", _number(found.deposit.mean, "m")
    yield "front.deposit.cv", _number(found.deposit.cv, "1")
    yield "front.deposit.conformality", _number(found.deposit.ratio, "1")
    if isinstance(found.modes, str):
        yield "front.waves.largest_exponent", _undefined(found.modes, "1")
        return
    exponent = found.modes.exponent
    if np.isnan(exponent).all():
        yield "front.waves.largest_exponent", _undefined("the surface was flat", "1")
        return
    most = int(np.nanargmax(exponent))
    yield "front.waves.largest_exponent", _number(float(exponent[most]), "1")
    yield "front.waves.fastest", _number(float(found.modes.wavelength[most]), "m")
    if not np.isnan(found.theory[most]):
        yield "front.waves.theory", _number(float(found.theory[most]), "1")


def node_quantities(slides: int, remeshes: int, missed: float) -> Iterator[tuple[str, Quantity]]:
    """How often nodes have slid along the surface and the mesh was made anew, and what that
    missed."""
    yield "front.nodes.slides", Quantity(slides, "1", Kind.COUNT)
    yield "front.nodes.remeshes", Quantity(remeshes, "1", Kind.COUNT)
    yield "front.nodes.missed", _number(missed, "1")


def write_modes(found: FrontOutcome, modes: ModeGrowth, path: Path) -> None:
    """Waves by wavelength with their amplitudes; a cell is empty where nothing is known."""
    columns = (modes.wavelength, modes.before, modes.now, modes.exponent, found.theory)
    rows = [
        {n: None if isnan(x) else x for n, x in zip(_COLUMNS, row, strict=True)}
        for row in np.column_stack(columns).tolist()
    ]
    write_rows(path, rows)


def _number(value: float, unit: str) -> Quantity:
    return Quantity(value, unit, Kind.DISCRETISED, reason=NO_ERROR)


def _undefined(reason: str, unit: str) -> Quantity:
    return Quantity(None, unit, Kind.DISCRETISED, reason=reason)
