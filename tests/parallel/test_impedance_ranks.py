"""One impedance on any number of ranks, with its parts and its map."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.impedance.linearised import SmallSignal
from zinterphase.impedance.local import LocalImpedance
from zinterphase.impedance.prepared import Prepared, of_run, steady
from zinterphase.impedance.response import Response
from zinterphase.impedance.spectrum import spectrum
from zinterphase.impedance.split import Split
from zinterphase.impedance.steps import step_spectra
from zinterphase.marching import Hooks
from zinterphase.marching import March as RunMarch
from zinterphase.output.writer import open_folder
from zinterphase.verification.cells import Metal, binary, current, film, tables

from ..march.marching import March
from ..march.walls import PORES, on_a_wave

KINETICS = {
    "double_layer_capacitance": "0.3 F/m^2",
    "spread": {"sigma_ln": 0.5, "correlation_length": "10 um", "seed": 1},
}


def case(level: str) -> Case:
    extra = {} if level == "pnp" else KINETICS
    size = 20e-6 if level != "pnp" else 0.2e-6
    data = tables(
        level, size, binary(2, 10.0), Metal(5.0, extra=extra), width=size,
        films=[film("film", size / 10, transport=0.2)], counter=True, control=current(-1.0),
        mesh={"lateral_size": f"{size / 8} m", "far_size": f"{size / 8} m", "growth": 2.0},
    )  # fmt: skip
    return Case.from_dict(data)


def numbers(level: str, comm: MPI.Intracomm) -> np.ndarray:
    """Impedance, parts and local impedances at two frequencies."""
    state = steady(case(level), comm, 1e4)
    response = Response(SmallSignal(state.problem, state.storage))
    split = Split(state.problem, state.storage)
    local = LocalImpedance(state.problem, split.disturbance)
    found = []
    for frequency in (10.0, 1e4):
        answer, omega = response.at(frequency), 2 * np.pi * frequency
        parts = split.parts(omega, answer.fields, answer.current)
        found += [answer.impedance, *parts.values(), *local.at(omega, answer.fields)]
    response.close()
    return np.array(found)


@pytest.mark.parallel([2, 3])
@pytest.mark.parametrize("level", ["electroneutral", "pnp"])
def test_ranks_share_a_spectrum(comm: MPI.Intracomm, level: str) -> None:
    alone = numbers(level, MPI.COMM_SELF)
    together = numbers(level, comm)
    assert together == pytest.approx(alone, abs=1e-7 * np.abs(alone).max())


@pytest.mark.parallel([2])
def test_ranks_share_states_of_walls(comm: MPI.Intracomm) -> None:
    grown = 'nucleation = {overpotential = "15 mV", growth = 0.2, coverage = 1e-2}'
    text = on_a_wave("silver", PORES, grown, ("plate at 1 mA/cm^2 for 1 s",), "concentrated")

    def answers(some: MPI.Intracomm) -> list[complex]:
        march = March(text, some)
        march.run()
        march.problem.remember(0.0, None)
        storage = march.problem.storage
        assert storage is not None
        state = Prepared(march.problem, storage)
        response = Response(SmallSignal(state.problem, storage, answering_states=True))
        return [response.at(f).impedance for f in (1e-2, 1.0, 1e3)]

    assert answers(comm) == pytest.approx(answers(MPI.COMM_SELF), rel=1e-5)


STEP = """
counter.type = "electrode"
output.pictures = false
level = "concentrated"
time = {rtol = 1e-2, first_step = "10 ms"}
geometry = {dimension = 2, width = "20 um"}
mesh = {lateral_size = "4 um", far_size = "10 um", growth = 2.0}
electrolyte = {salt = "ZnSO4", concentration = "2 mol/L"}
kinetics.zinc = {contact_fraction = 1.0, double_layer_capacitance = "0.3 F/m^2"}
layers = [
    {name = "zinc", material = "Zn", thickness = "50 um"},
    {name = "liquid", material = "electrolyte", thickness = "20 um"},
]
protocol = [{steps = ["plate at 1 mA/cm^2 for 0.1 s", "impedance from 1 Hz to 3 Hz"]}]
"""


@pytest.mark.parallel([2])
def test_ranks_share_a_spectrum_at_a_step(comm: MPI.Intracomm, shared_tmp_path: Path) -> None:
    """One that ends a protocol, and is that of the state which the run leaves."""
    case = Case.from_dict(tomllib.loads(STEP))
    folder = open_folder(comm, shared_tmp_path / "run", case)
    hooks = Hooks(measure=step_spectra(folder, lambda: None))
    marched = RunMarch(case, comm, folder, hooks).run()
    text = comm.bcast(
        (folder.path / "impedance_cycle1_step2.csv").read_text() if comm.rank == 0 else None
    )
    rows = np.array([line.split(",")[:3] for line in text.splitlines()[1:]], dtype=float)
    again = spectrum(of_run(case, comm, folder.path), 1.0, 3.0, given=True)
    assert rows[:, 0] == pytest.approx(again.frequency, rel=1e-12)
    assert rows[:, 1] + 1j * rows[:, 2] == pytest.approx(again.impedance, rel=1e-8)
    assert marched.spectrum["last_spectrum.slopes.R_ct"].value == pytest.approx(again.resistance)
