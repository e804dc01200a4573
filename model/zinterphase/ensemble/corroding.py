"""Cases at open circuit, where hydrogen takes what the metal gives."""

from collections.abc import Sequence
from typing import Any

from zinterphase.case import Case, Draft
from zinterphase.ensemble.subject import corrodes
from zinterphase.materials.library import parameter
from zinterphase.materials.reactions import HYDROGEN

OPEN = 0.0
"""Current density of an open circuit [A/m2]."""


def corroding(draft: Draft) -> Draft:
    """The case with hydrogen evolution of the library on every layer that reacts, and a pH for it,
    where it has no irreversible reduction. Raises :class:`CaseError` where it is refused."""
    case = draft.case()
    return draft if corrodes(case) else draft.changed(_hydrogen(case))


def own_currents(cases: Sequence[Case]) -> list[float]:
    """What the first of the cases imposes [A/m2], in a list; nothing where that is a potential."""
    own = cases[0].control.current_density
    return [] if own is None else [own]


def with_open_circuit(
    currents: Sequence[float] | None, otherwise: Sequence[float]
) -> tuple[float, ...]:
    """Open circuit, then other currents [A/m2]; ``otherwise`` where none are given."""
    return tuple(dict.fromkeys((OPEN, *(otherwise if currents is None else currents))))


def _hydrogen(case: Case) -> dict[str, Any]:
    values: dict[str, Any] = {f"kinetics.{name}.reactions.{HYDROGEN}": {} for name in case.kinetics}
    if case.electrolyte.pH is None and not case.electrolyte.species:
        values["electrolyte.pH"] = parameter("electrolyte.pH_bulk_2M").si
    return values
