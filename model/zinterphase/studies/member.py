"""One anode on one surface: solved at all currents, each reduced to a record that can be stored."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from mpi4py import MPI

from zinterphase.advice import require_valid
from zinterphase.case import Case
from zinterphase.errors import BalanceError, CaseError, MeshError, SolveError
from zinterphase.observe.projection import NO_GRAPH
from zinterphase.observe.spectrum import Spectrum
from zinterphase.observe.surface import SurfaceMap
from zinterphase.observe.voltage import VoltageParts
from zinterphase.output.tables import Member
from zinterphase.result import Result
from zinterphase.scales import FARADAY
from zinterphase.solve.problem import Problem
from zinterphase.studies.single import Meshed, mesh_case, solve_on

DRAWN = "current_density"
"""Field whose profile and spectrum are kept."""
OnResult = Callable[[Result, float], None]
"""Called with a result and its mean current density on all ranks that solved it."""


@dataclass(frozen=True)
class Job:
    """One case on one surface; ``refined`` marks the mesh study of the reference."""

    case_index: int
    label: str
    case: Case
    seed: int
    refined: bool = False

    @property
    def name(self) -> str:
        """The job as progress shows it."""
        return f"{self.label}, seed {self.seed}{', finer mesh' if self.refined else ''}"

    def at(self, current: float) -> Case:
        """The run at a mean current density [A/m2]."""
        return self.case.with_seed(self.seed).with_current(current)

    def key(self, current: float) -> str:
        """What a stored record is found by: the resolved run, its data files and the version."""
        return fingerprint(self.at(current), f"{self.seed} {current!r}")


@dataclass(frozen=True, eq=False)
class Record:
    """What is kept of a run, SI units; a run without a solution has only a ``reason``.

    ``spectrum`` and ``profile`` (one point a facet) are of the current per projected area,
    ``delivered`` says that the caller was given the whole result.
    """

    key: str
    metrics: dict[str, dict[str, float | None]] = field(default_factory=dict)
    scalars: dict[str, float] = field(default_factory=dict)
    reason: str | None = None
    spectrum: Spectrum | None = None
    profile: SurfaceMap | None = None
    delivered: bool = False

    def member(self, label: str, level: str, current: float, seed: int) -> Member:
        """The run as tables take it."""
        return Member(
            case=label,
            label=label,
            seed=seed,
            current=current,
            level=level,
            metrics=self.metrics,
            scalars=self.scalars,
            converged=self.reason is None,
            reason=self.reason,
        )

    def to_line(self) -> str:
        """The record as one line of JSON, all digits kept."""
        data: dict[str, Any] = {
            "key": self.key,
            "metrics": self.metrics,
            "scalars": self.scalars,
            "reason": self.reason,
            "delivered": self.delivered,
        }
        if self.spectrum is not None:
            data["wavenumber"] = self.spectrum.wavenumber.tolist()
            data["amplitude"] = self.spectrum.amplitude.tolist()
        if self.profile is not None:
            data["profile"] = {
                "position": self.profile.position.tolist(),
                "area": self.profile.area.tolist(),
                DRAWN: self.profile.values[DRAWN].tolist(),
            }
        return json.dumps(data, allow_nan=False)

    @classmethod
    def from_line(cls, line: str) -> "Record | None":
        """Inverse of :meth:`to_line`; None for a line that was cut off."""
        try:
            data = json.loads(line)
            spectrum = profile = None
            if "wavenumber" in data:
                spectrum = Spectrum(np.array(data["wavenumber"]), np.array(data["amplitude"]))
            if "profile" in data:
                position, area = (np.array(data["profile"][name]) for name in ("position", "area"))
                values = {DRAWN: np.array(data["profile"][DRAWN])}
                profile = SurfaceMap(position, area, area, np.arange(len(area)), values)
            return cls(
                data["key"],
                data["metrics"],
                data["scalars"],
                data["reason"],
                spectrum,
                profile,
                data["delivered"],
            )
        except (ValueError, KeyError, TypeError):
            return None


def fingerprint(case: Case, more: str = "") -> str:
    """Digest of a resolved case, its data files, the version and whatever else tells runs apart."""
    digest = hashlib.sha256(f"{version('zinterphase')} {more}\n".encode())
    digest.update(case.to_toml().encode())
    for path in _data_files(case):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def run_job(
    job: Job, keys: Mapping[float, str], comm: MPI.Intracomm, on_result: OnResult | None = None
) -> Iterator[tuple[float, Record]]:
    """Solve a job at the currents in ``keys`` on one mesh, the smallest first; collective.

    A surface that cannot be meshed, a run that is refused or does not converge or whose balances
    stay open gives a record with the reason, and the next current starts from rest. Frees the
    solver at the end.
    """
    ordered = sorted(keys, key=abs)
    try:
        meshed = mesh_case(job.at(ordered[0]), comm)
        problem = Problem(job.at(ordered[0]), meshed.domain)
    except (MeshError, CaseError) as error:
        for current in ordered:
            yield current, Record(keys[current], reason=str(error))
        return
    try:
        good = True
        for number, current in enumerate(ordered):
            if number:
                problem.retarget(job.at(current))
            if not good:
                problem.rest()
            record = _run(keys[current], current, problem, meshed, on_result)
            good = record.reason is None
            yield current, record
    finally:
        problem.close()


def _run(
    key: str, current: float, problem: Problem, meshed: Meshed, on_result: OnResult | None
) -> Record:
    try:
        result = solve_on(problem, require_valid(problem.case), meshed.quality, {})
    except (SolveError, BalanceError, CaseError) as error:
        return Record(key, reason=str(error))
    if result.anode is None:
        return Record(key, reason=NO_GRAPH)
    if on_result is not None:
        on_result(result, current)
    return Record(
        key,
        {name: h.metrics() for name, h in result.homogeneity.items()},
        scalars_of(result),
        None,
        result.homogeneity[DRAWN].spectrum,
        result.anode.facet_means(DRAWN),
        on_result is not None,
    )


SCALAR_UNITS = {
    "potential": "V",
    "voltage_kinetic": "V",
    "voltage_ohmic": "V",
    "voltage_concentration": "V",
    "voltage_film": "V",
    "film_share": "1",
    "limiting_fraction": "1",
    "wagner_number": "1",
    "concentration_polarisation": "1",
    "film_transference_number": "1",
    "apparent_conductivity": "S/m",
    "mean_ion_flux": "mol/m2/s",
}
"""Units of ``scalars_of``."""


def scalars_of(result: Result) -> dict[str, float]:
    """Numbers of a run that belong to no field, SI.

    Ohmic and concentration parts are sums over the layers (the diffusion potential belongs to the
    latter), `voltage_film` their sum over the films between metal and free electrolyte and
    `film_share` that over the whole voltage. The mean flux of the reactant is per projected area,
    towards the metal positive. Without a net current there are no parts of the voltage.
    """
    problem = result.problem
    ion = problem.bulk.ion(problem.surface.law.kinetics.reactant)
    return {
        "potential": result.potential,
        **({} if result.voltage is None else _voltage_scalars(result.voltage, problem)),
        "limiting_fraction": result.limiting_fraction,
        "wagner_number": result.regime.wagner_number,
        "apparent_conductivity": result.regime.apparent_conductivity,
        **_transport_scalars(result),
        "mean_ion_flux": -result.mean_current_density / (ion.charge * FARADAY),
    }


def _transport_scalars(result: Result) -> dict[str, float]:
    found = {}
    if result.polarisation is not None:
        found["concentration_polarisation"] = result.polarisation.mean
    first = result.problem.stack.liquid[0]
    if len(result.problem.stack.liquid) > 1 and first in result.transference_numbers:
        found["film_transference_number"] = result.transference_numbers[first]
    return found


def _voltage_scalars(parts: VoltageParts, problem: Problem) -> dict[str, float]:
    films = problem.stack.liquid[:-1]
    film = sum(parts.ohmic[name] + parts.concentration[name] for name in films)
    return {
        "voltage_kinetic": parts.kinetic + parts.counter_kinetic,
        "voltage_ohmic": sum(parts.ohmic.values()) + parts.electronic,
        "voltage_concentration": sum(parts.concentration.values()),
        "voltage_film": film,
        "film_share": film / parts.total if parts.total else 0.0,
    }


def _data_files(case: Case) -> list[Path]:
    files = [case.mesh.file]
    if case.geometry.surface.shape == "map":
        files.append(case.geometry.surface.file)
    files += [k.map.file for k in case.kinetics.values() if k.map is not None]
    return [Path(file) for file in files if file is not None]
