"""Elements in the names of chemical species, as far as names are formulas."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

_ELEMENTS = re.compile(
    "H|He|Li|Be|B|C|N|O|F|Ne|Na|Mg|Al|Si|P|S|Cl|Ar|K|Ca|Sc|Ti|V|Cr|Mn|Fe|Co|Ni|Cu|Zn|Ga|Ge|As|Se|"
    "Br|Kr|Rb|Sr|Y|Zr|Nb|Mo|Tc|Ru|Rh|Pd|Ag|Cd|In|Sn|Sb|Te|I|Xe|Cs|Ba|La|Ce|Pr|Nd|Pm|Sm|Eu|Gd|Tb|"
    "Dy|Ho|Er|Tm|Yb|Lu|Hf|Ta|W|Re|Os|Ir|Pt|Au|Hg|Tl|Pb|Bi|Po|At|Rn|Fr|Ra|Ac|Th|Pa|U|Np|Pu"
)
_PART = re.compile(r"([A-Z][a-z]?)(\d*)|\(|\)(\d*)")


def elements(name: str, charge: int) -> Mapping[str, int] | None:
    """Atoms of each element in a species of a ``charge``, "SO42-" or "Zn4SO4(OH)6"; None where its
    name is no formula."""
    formula = _without_charge(name.replace("^", "").replace(" ", ""), charge)
    groups: list[Counter[str]] = [Counter()]
    place = 0
    while place < len(formula):
        found = _PART.match(formula, place)
        if found is None:
            return None
        element, number, multiple = found.group(1), found.group(2), found.group(3)
        if element is not None:
            if not _ELEMENTS.fullmatch(element):
                return None
            groups[-1][element] += int(number or 1)
        elif found.group(0) == "(":
            groups.append(Counter())
        elif len(groups) == 1:
            return None
        else:
            inner = groups.pop()
            groups[-1].update({k: n * int(multiple or 1) for k, n in inner.items()})
        place = found.end()
    return groups[0] if len(groups) == 1 and groups[0] else None


def _without_charge(name: str, charge: int) -> str:
    sign = "+" if charge > 0 else "-"
    for suffix in (f"{abs(charge)}{sign}", f"{sign}{abs(charge)}", sign * abs(charge)):
        if charge and name.endswith(suffix) and (abs(charge) > 1 or suffix == sign):
            return name.removesuffix(suffix)
    return name


def metal_of_ion(name: str) -> str:
    """What plates from an ion: its name without the charge, "Zn" of "Zn2+"."""
    return re.sub(r"\d*[+-]$", "", name)
