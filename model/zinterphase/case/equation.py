"""The equation of an electrode reaction as chemists write it: O2 + 2 H2O + 4 e- -> 4 OH-."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zinterphase.errors import CaseError
from zinterphase.materials.aqueous import HYDROXIDE, PROTON
from zinterphase.materials.formula import elements

EXAMPLE = "Zn2+ + 2 e- -> Zn(s)"
_ARROW = re.compile(r"\s(?:->|<->|<=>|=)\s")
_TERM = re.compile(r"(?:(\d+(?:\.\d+)?|\d+/\d+)\s+)?(\S+)")
_ELECTRON, _WATER = "e-", "H2O"
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Equation:
    """An oxidation that gives off ``electrons``: numbers are positive for what it makes.

    ``dissolved`` are species of the liquid; water, of constant activity, is not counted.
    """

    dissolved: Mapping[str, float]
    gas: Mapping[str, float]
    solids: Mapping[str, float]
    electrons: int


def read_equation(text: str, field: str, charges: Mapping[str, int]) -> Equation:
    """Read an equation in the species ``charges`` of the liquid, written in either direction.

    Gases and solids end with (g) and (s). Charge and elements have to balance.

    Raises
    ------
    CaseError
        One line that names ``field`` and what is wrong.
    """
    if not isinstance(text, str):
        raise CaseError(field, text, f'text, such as "{EXAMPLE}"')
    sides = _ARROW.split(text)
    if len(sides) != 2:
        raise CaseError(field, text, f'two sides and an arrow, such as "{EXAMPLE}"')
    terms: defaultdict[str, float] = defaultdict(float)
    for side, sign in zip(sides, (-1.0, 1.0), strict=True):
        for name, number in _terms(side, text, field):
            terms[name] += sign * number
    electrons = terms.pop(_ELECTRON, 0.0)
    if abs(electrons) < 1 or abs(electrons - round(electrons)) > _TOLERANCE:
        raise CaseError(field, text, "a whole number of electrons e- on one side")
    direction = 1.0 if electrons > 0 else -1.0
    found = {name: direction * number for name, number in terms.items() if number != 0}
    _require_known(found, text, field, charges)
    _require_charge(found, abs(electrons), text, field, charges)
    _require_elements(found, text, field, charges)
    kinds = {mark: _marked(found, mark) for mark in ("(g)", "(s)")}
    dissolved = {name: n for name, n in found.items() if name in charges}
    return Equation(dissolved, kinds["(g)"], kinds["(s)"], round(abs(electrons)))


def _terms(side: str, text: str, field: str) -> Iterator[tuple[str, float]]:
    for written in re.split(r"\s\+\s", side.strip()):
        found = _TERM.fullmatch(written.strip())
        if found is None:
            raise CaseError(
                field, text, f'terms between " + ", such as "{EXAMPLE}"; not "{written}"'
            )
        number, name = found.groups()
        if number is not None and "/" in number:
            above, below = number.split("/")
            if int(below) == 0:
                raise CaseError(field, text, f'numbers; not "{number}"')
            yield name, int(above) / int(below)
        else:
            yield name, float(number or 1)


def _marked(terms: Mapping[str, float], mark: str) -> dict[str, float]:
    return {n.removesuffix(mark): number for n, number in terms.items() if n.endswith(mark)}


def _require_known(
    terms: Mapping[str, float], text: str, field: str, charges: Mapping[str, int]
) -> None:
    for name in terms:
        if name not in charges and name != _WATER and name[-3:] not in ("(g)", "(s)"):
            allowed = f"{', '.join(charges)}, {_WATER}, {_ELECTRON}, gases (g) and solids (s)"
            if name in (PROTON, HYDROXIDE):
                allowed += "; electrolyte.pH brings acid and base"
            raise CaseError(field, name, allowed)
    if not any(name in charges for name in terms):
        raise CaseError(field, text, f"some species of the electrolyte: {', '.join(charges)}")


def _require_charge(
    terms: Mapping[str, float], electrons: float, text: str, field: str, charges: Mapping[str, int]
) -> None:
    made = sum(number * charges.get(name, 0) for name, number in terms.items())
    if abs(made - electrons) > _TOLERANCE:
        allowed = f"equal charge on both sides; it differs by {abs(made - electrons):g}"
        raise CaseError(field, text, allowed)


def _require_elements(
    terms: Mapping[str, float], text: str, field: str, charges: Mapping[str, int]
) -> None:
    """Where every name is a formula; others cannot be told."""
    sums: defaultdict[str, float] = defaultdict(float)
    for name, number in terms.items():
        bare = name[:-3] if name[-3:] in ("(g)", "(s)") else name
        found = elements(bare, charges.get(name, 0))
        if found is None:
            return
        for element, atoms in found.items():
            sums[element] += number * atoms
    for element, number in sums.items():
        if abs(number) > _TOLERANCE:
            allowed = f"as much of every element on both sides; {element} differs by {number:+g}"
            raise CaseError(field, text, allowed)
