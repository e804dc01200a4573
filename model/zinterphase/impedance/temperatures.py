"""Charge transfer at several temperatures, and its activation energy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.impedance.arrays import Array
from zinterphase.impedance.frequencies import default_range
from zinterphase.impedance.linearised import SmallSignal
from zinterphase.impedance.prepared import steady
from zinterphase.impedance.response import Response
from zinterphase.impedance.split import FILM, LIQUID, SOLID, Split
from zinterphase.scales import GAS_CONSTANT
from zinterphase.units import UnitError, to_si

OPTION = "--temperatures"


@dataclass(frozen=True, eq=False)
class TemperatureSeries:
    """Temperatures [K], charge-transfer and ohmic resistances there [ohm m2]."""

    temperature: Array
    transfer: Array
    ohmic: Array

    @property
    def activation_energy(self) -> float:
        """Of 1/R_ct [J/mol], the slope of ln R_ct over 1/(R T), as a laboratory has it: that of the
        exchange current density less R T, for R_ct = RT/(n F i0)."""
        slope, _ = np.polyfit(1 / (GAS_CONSTANT * self.temperature), np.log(self.transfer), 1)
        return float(slope)


def read_temperatures(text: str) -> list[float]:
    """From "5 degC, 298.15 K, ..." [K], rising; raises :class:`CaseError`."""
    allowed = 'two different temperatures or more, such as "5 degC, 25 degC, 45 degC"'
    try:
        found = sorted({to_si(each.strip(), "K") for each in text.split(",")})
    except UnitError:
        raise CaseError(OPTION, text, allowed) from None
    if len(found) < 2 or found[0] <= 0.0:
        raise CaseError(OPTION, text, allowed)
    return found


def temperature_series(cases: Sequence[Case], comm: MPI.Intracomm) -> TemperatureSeries:
    """Of steady cases that differ in their temperature; collective.

    Resistances are those of the laws' slopes, charge transfer as the current is spread at the
    lowest frequency and ohm's at the highest. Raises what :func:`steady` raises, and
    :class:`CaseError` where nothing reacts.
    """
    found = np.array([_resistances(case, comm) for case in cases])
    if not np.isfinite(found).all():
        raise CaseError(OPTION, "a blocking electrode", "a charge-transfer resistance")
    temperatures = np.array([case.temperature for case in cases])
    return TemperatureSeries(temperatures, found[:, 0], found[:, 1])


def _resistances(case: Case, comm: MPI.Intracomm) -> tuple[float, float]:
    low, high = default_range(case)
    prepared = steady(case, comm, high)
    response = Response(SmallSignal(prepared.problem, prepared.storage))
    split = Split(prepared.problem, prepared.storage)
    slow, fast = response.at(low), response.at(high)
    transfer, _ = split.closed(2 * np.pi * low, slow.fields, slow.current)
    parts = split.parts(2 * np.pi * high, fast.fields, fast.current)
    ohmic = sum(parts[name].real for name in (LIQUID, FILM, SOLID) if name in parts)
    response.close()
    return transfer, ohmic
