"""Options of commands turned into what they stand for."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.ensemble.budget import Budget
from zinterphase.errors import CaseError
from zinterphase.output.writer import RunOrigin
from zinterphase.parallel import on_root
from zinterphase.units import UnitError, to_si


def current_densities(texts: list[str] | None) -> list[float] | None:
    """Mean current densities [A/m2]; None where none is given."""
    return [_current_density(text) for text in texts] if texts else None


def _current_density(text: str) -> float:
    try:
        return to_si(text, "A/m^2")
    except UnitError:
        allowed = 'a current density with its unit, such as "-1 mA/cm^2"'
        raise CaseError("--current", text, allowed) from None


def budget_of(comm: MPI.Intracomm, wall_time: str | None, memory: str | None) -> Budget:
    """Budget from the texts of the options; raises :class:`CaseError` that names the option."""
    seconds = _positive("--time", wall_time, "s", 'a time, such as "10 min"')
    size = _positive("--memory", memory, "byte", 'a size, such as "4 GB"')
    return Budget(comm, seconds, size)


def members_at_once(comm: MPI.Intracomm, ranks_per_member: int | None) -> int | None:
    """How many members are solved side by side; raises :class:`CaseError` unless the ranks can be
    shared out equally."""
    if ranks_per_member is None:
        return None
    if comm.size % ranks_per_member:
        allowed = f"a divisor of the {comm.size} ranks there are"
        raise CaseError("--ranks-per-member", ranks_per_member, allowed)
    return comm.size // ranks_per_member


def load_case(comm: MPI.Intracomm, path: Path, overrides: list[str] | None) -> Case:
    """Read on rank 0, so that no rank works on another case; collective."""
    return on_root(comm, lambda: Case.load(path, overrides or []))


def started_now() -> RunOrigin:
    """This command line, started now."""
    return RunOrigin(("zinterphase", *sys.argv[1:]), datetime.now(UTC))


def _positive(option: str, text: str | None, unit: str, wanted: str) -> float | None:
    if text is None:
        return None
    try:
        number = to_si(text, unit)
    except UnitError:
        raise CaseError(option, text, wanted) from None
    if number <= 0.0:
        raise CaseError(option, text, f"{wanted}, above 0")
    return number
