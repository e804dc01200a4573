"""Equations as chemists write them: of electrode reactions and of solids that precipitate."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from zinterphase.case.raw import RawTable
from zinterphase.errors import CaseError
from zinterphase.materials.aqueous import HYDROXIDE, PROTON
from zinterphase.materials.formula import elements

EQUATION = "equation"
"""Key of a table that stands for the numbers it tells."""
EXAMPLE = "Zn2+ + 2 e- -> Zn(s)"
_STEP_EXAMPLE = "Zn(s) + 2 H+ -> Zn2+ + H2(g)"
_SOLID_EXAMPLE = "Zn2+ + 2 H2O -> Zn(OH)2(s) + 2 H+"
_ARROW = re.compile(r"\s(?:->|<->|<=>|=)\s")
_TERM = re.compile(r"(?:(\d+(?:\.\d+)?|\d+/\d+)\s+)?(\S+)")
_ELECTRON, _WATER = "e-", "H2O"
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Equation:
    """An oxidation that gives off ``electrons``, or a step without any: numbers are positive for
    what it makes.

    ``dissolved`` are species of the liquid; water, of constant activity, is not counted.
    """

    dissolved: Mapping[str, float]
    gas: Mapping[str, float]
    solids: Mapping[str, float]
    electrons: int


@dataclass(frozen=True)
class Formation:
    """A solid of its own that forms from what is dissolved.

    ``dissolved`` and ``water`` are what one of it gives when it dissolves, negative for what that
    takes up. ``direction`` is 1 where the equation makes one of it, -n where it dissolves n.
    """

    solid: str
    dissolved: Mapping[str, float]
    water: float
    direction: float


def read_formation(text: str, field: str, charges: Mapping[str, int]) -> Formation:
    """Read the equation of a solid in the species ``charges`` of the liquid, written in either
    direction: "Zn2+ + 2 OH- -> Zn(OH)2(s)". Charge and elements have to balance.

    Raises
    ------
    CaseError
        One line that names ``field`` and what is wrong.
    """
    terms = _signed_terms(text, field, _SOLID_EXAMPLE)
    _require_known(terms, text, field, charges)
    _require_charge(terms, 0, text, field, charges)
    _require_elements(terms, text, field, charges)
    solids, gases = _marked(terms, "(s)"), _marked(terms, "(g)")
    if len(solids) != 1 or gases:
        raise CaseError(field, text, f'one solid (s) and no gas, such as "{_SOLID_EXAMPLE}"')
    ((solid, number),) = solids.items()
    dissolved = {name: -n / number for name, n in terms.items() if name in charges}
    return Formation(solid, dissolved, -terms.get(_WATER, 0.0) / number, number)


def read_equation(text: str, field: str, charges: Mapping[str, int]) -> Equation:
    """Read an equation in the species ``charges`` of the liquid, written in either direction.

    Gases and solids end with (g) and (s). Charge and elements have to balance.

    Raises
    ------
    CaseError
        One line that names ``field`` and what is wrong.
    """
    terms = _signed_terms(text, field, EXAMPLE)
    electrons = terms.pop(_ELECTRON, 0.0)
    if abs(electrons) < 1 or abs(electrons - round(electrons)) > _TOLERANCE:
        allowed = 'a whole number of electrons e- on one side; without, form = "mass_action"'
        raise CaseError(field, text, allowed)
    direction = 1.0 if electrons > 0 else -1.0
    found = {name: direction * number for name, number in terms.items()}
    _require_known(found, text, field, charges)
    _require_charge(found, abs(electrons), text, field, charges)
    _require_elements(found, text, field, charges)
    kinds = {mark: _marked(found, mark) for mark in ("(g)", "(s)")}
    dissolved = {name: n for name, n in found.items() if name in charges}
    return Equation(dissolved, kinds["(g)"], kinds["(s)"], round(abs(electrons)))


def written(table: RawTable, where: str, told: Iterable[str]) -> str:
    """The equation that a raw table has, taken out of it.

    Raises :class:`CaseError` where a key that the equation has ``told`` stands beside it.
    """
    text: str = table.pop(EQUATION)
    for key in told:
        if key in table:
            raise CaseError(f"{where}.{key}", table[key], f"nothing beside {EQUATION}")
    return text


def count(table: RawTable, found: Equation) -> None:
    """What an equation makes into a raw table; of gases and solids as far as there are."""
    table["stoichiometry"] = dict(found.dissolved)
    for key, counts in (("gas", found.gas), ("solids", found.solids)):
        if counts:
            table[key] = dict(counts)


def read_step(text: str, field: str, charges: Mapping[str, int]) -> Equation:
    """Read an equation without electrons in the species ``charges`` of the liquid, from left to
    right. Gases and solids end with (g) and (s). Charge and elements have to balance.

    Raises
    ------
    CaseError
        One line that names ``field`` and what is wrong.
    """
    terms = _signed_terms(text, field, _STEP_EXAMPLE)
    if _ELECTRON in terms:
        raise CaseError(field, text, "no electrons in a chemical step; other forms have them")
    _require_known(terms, text, field, charges)
    _require_charge(terms, 0, text, field, charges)
    _require_elements(terms, text, field, charges)
    dissolved = {name: n for name, n in terms.items() if name in charges}
    return Equation(dissolved, _marked(terms, "(g)"), _marked(terms, "(s)"), 0)


def _signed_terms(text: str, field: str, example: str) -> dict[str, float]:
    """Numbers by name, negative on the left side; what cancels is left out."""
    if not isinstance(text, str):
        raise CaseError(field, text, f'text, such as "{example}"')
    sides = _ARROW.split(text)
    if len(sides) != 2:
        raise CaseError(field, text, f'two sides and an arrow, such as "{example}"')
    terms: dict[str, float] = {}
    for side, sign in zip(sides, (-1.0, 1.0), strict=True):
        for name, number in _terms(side, text, field, example):
            terms[name] = terms.get(name, 0.0) + sign * number
    return {name: number for name, number in terms.items() if number != 0}


def _terms(side: str, text: str, field: str, example: str) -> Iterator[tuple[str, float]]:
    for written in re.split(r"\s\+\s", side.strip()):
        found = _TERM.fullmatch(written.strip())
        if found is None:
            raise CaseError(
                field, text, f'terms between " + ", such as "{example}"; not "{written}"'
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
                allowed += "; electrolyte.pH and electrolyte.equilibria bring acid and base"
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
