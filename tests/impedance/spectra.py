"""Cells of which impedances are known, and their answers at given frequencies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.impedance.linearised import SmallSignal
from zinterphase.impedance.prepared import Prepared, steady
from zinterphase.impedance.response import Response
from zinterphase.verification.cells import Metal, binary, current, on_a_line, si, tables
from zinterphase.verification.compared import reference, values

DATA = Path(__file__).parent / "data"
REFERENCE = values("case14", DATA)
PARAMETERS = reference("case14", DATA)["parameters"]
FREQUENCIES = tuple(PARAMETERS["frequencies_Hz"])
HIGHEST = max(FREQUENCIES)
CARRIERS = {"cation": "M", "anion": "A"}


def binary_tables(
    name: str, density: float, carrier: str = "cation", *, cells: int = 50, order: int = 2
) -> dict[str, Any]:
    """A or B of the reference on a line, at a mean current density [A/m2]; ``cells`` are those of
    an even mesh, which is finer beside electrodes."""
    config = PARAMETERS["configs"][name]
    c0, length = config["c0"], config["L"]
    exchange = PARAMETERS["i00"] * (c0 / PARAMETERS["c_ref"]) ** PARAMETERS["alpha"]
    layer = {
        "double_layer_capacitance": si(config["C_dl"], "F/m^2"),
        "double_layer_ion": CARRIERS[carrier],
    }
    mesh = {
        "first_cell": si(length / cells / 100, "m"),
        "far_size": si(length / cells, "m"),
        "order": order,
    }
    ions = binary(2, c0, (PARAMETERS["D_plus"], PARAMETERS["D_minus"]))
    return on_a_line(
        tables(
            "electroneutral", length, ions, Metal(exchange, extra=layer), counter=True,
            control=current(density), mesh=mesh,
        )
    )  # fmt: skip


def impedances(
    case: Case | Prepared,
    frequencies: Sequence[float] = FREQUENCIES,
    comm: MPI.Intracomm = MPI.COMM_SELF,
) -> np.ndarray:
    """Z [ohm m2] of a steady case, or about a prepared state."""
    prepared = case if isinstance(case, Prepared) else steady(case, comm, max(frequencies))
    response = Response(SmallSignal(prepared.problem, prepared.storage))
    found = np.array([response.at(f).impedance for f in frequencies])
    response.close()
    return found


def known(name: str, density: float, carrier: str) -> np.ndarray:
    """Of the reference."""
    keys = [f"{name}|idc{density:g}|{carrier}|f{f:g}" for f in FREQUENCIES]
    return np.array([complex(REFERENCE[f"{k}|ReZ"], REFERENCE[f"{k}|ImZ"]) for k in keys])
