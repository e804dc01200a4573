"""Materials of one's own: files in the library's schema, a group for each solid, metal or salt.

A group says its ``kind`` and has entries with value, unit, range, source, confidence and basis.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite, log
from pathlib import Path
from typing import Any

from zinterphase.errors import CaseError
from zinterphase.formats import KEY, LIBRARY, WRITER, FormatError
from zinterphase.materials.library import Parameter, Sourced
from zinterphase.physics.curves import LITRE
from zinterphase.units import UnitError, with_unit

SOLID, METAL, SALT = "solid", "metal", "salt"
_UNITS = {
    "porosity": "", "tortuosity_factor": "", "constrictivity": "", "permittivity": "",
    "fixed_charge": "mol/m^3", "electronic_conductivity": "S/m", "specific_area": "1/m",
}  # fmt: skip
"""What a layer takes of its material, by field of the case."""
_KINETIC = {
    "exchange_current_density": "A/m^2", "reference_concentration": "mol/m^3", "alpha_a": "",
    "alpha_c": "", "pzc": "V", "stern_capacitance": "F/m^2",
}  # fmt: skip
"""What the kinetics on a metal take of it."""
_CURVES = ("conductivity", "diffusivity", "transference_number", "activity_coefficient")
_IONS = ("cation", "anion")
ENERGIES = ("conductivity_activation_energy", "diffusivity_activation_energy")
"""By which properties of a salt go with the temperature; both or none."""
_TAKES: Mapping[str, tuple[str, ...]] = {
    SOLID: tuple(_UNITS),
    METAL: (*_UNITS, *_KINETIC),
    SALT: (*(f"{ion}_diffusivity" for ion in _IONS), *_CURVES, *ENERGIES),
}
_NEEDS: Mapping[str, tuple[str, ...]] = {
    SOLID: ("porosity",),
    METAL: ("electronic_conductivity",),
    SALT: (*(f"{ion}_diffusivity" for ion in _IONS), *_CURVES),
}
CONFIDENCES = ("high", "medium", "low")
BASES = ("lookup", "recalled", "computed", "assumption", "measured")


@dataclass(frozen=True)
class Curve:
    """A property of a salt: values at concentrations [mol/m3], or without these the coefficients
    of powers of the root of the concentration in mol/L; SI units."""

    concentrations: tuple[float, ...]
    values: tuple[float, ...]
    entry: Parameter


@dataclass(frozen=True)
class Group:
    """A material of one's own."""

    name: str
    kind: str
    entries: Mapping[str, Parameter] = field(default_factory=dict)
    curves: Mapping[str, Curve] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def sourced(self, key: str, unit: str) -> Sourced:
        """An entry as a default of the case."""
        entry = self.entries[key]
        return Sourced(
            entry.si, unit, f"{entry.key}: {entry.source}", entry.confidence, entry.basis
        )

    @property
    def layer(self) -> dict[str, Sourced]:
        """Defaults of a layer of it, by field of the case."""
        return {key: self.sourced(key, unit) for key, unit in _UNITS.items() if key in self.entries}

    @property
    def kinetics(self) -> dict[str, Sourced]:
        """Defaults of the kinetics on it, by field of the case."""
        return {k: self.sourced(k, unit) for k, unit in _KINETIC.items() if k in self.entries}

    @property
    def conducts(self) -> bool:
        """Whether it conducts electrons."""
        return self.kind == METAL or self.entries.get("electronic_conductivity") is not None

    @property
    def properties(self) -> dict[str, Any]:
        """A salt as the case has it, `electrolyte.properties`."""
        ions = [self.entries[f"{ion}_diffusivity"].si for ion in _IONS]
        return {
            **{ion: self.facts[ion] for ion in _IONS},
            "charges": [self.facts[f"{ion}_charge"] for ion in _IONS],
            "diffusivities": [with_unit(value, "m^2/s") for value in ions],
            "valid": [with_unit(float(c) * LITRE, "mol/m^3") for c in self.facts["valid"]],
            **{name: _written(curve, name) for name, curve in self.curves.items()},
            **{
                name: with_unit(self.entries[name].si, "J/mol")
                for name in ENERGIES
                if name in self.entries
            },
        }


@dataclass(frozen=True)
class OwnLibrary:
    """All groups of a case's files by name."""

    groups: Mapping[str, Group] = field(default_factory=dict)

    def of(self, name: object, *kinds: str) -> Group | None:
        """The group of a name, where it is of one of the kinds."""
        found = self.groups.get(name) if isinstance(name, str) else None
        return found if found is not None and found.kind in kinds else None

    def names(self, *kinds: str) -> tuple[str, ...]:
        """Names of the groups of some kinds."""
        return tuple(name for name, group in self.groups.items() if group.kind in kinds)


NONE = OwnLibrary()
"""Of a case without files of its own."""


def own_library(paths: Sequence[Path]) -> OwnLibrary:
    """Read files of materials.

    Raises
    ------
    CaseError
        Names file, group and entry, and what is allowed there.
    """
    groups: dict[str, Group] = {}
    for path in paths:
        for name, table in _tables(path).items():
            if name in groups:
                raise CaseError(f"library: {name}", path.name, "each material in one file")
            groups[name] = _group(f"{path.name}: {name}", name, table)
    return OwnLibrary(groups)


def _tables(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        LIBRARY.require(data, path.name)
    except OSError as error:
        raise CaseError(
            "library", str(path), f"a file that can be read ({error.strerror})"
        ) from None
    except (ValueError, FormatError) as error:
        raise CaseError("library", path.name, f"a library file ({error})") from None
    return {name: table for name, table in data.items() if name not in (KEY, WRITER)}


def _group(where: str, name: str, table: Any) -> Group:
    kind = table.get("kind") if isinstance(table, dict) else None
    if not isinstance(kind, str) or kind not in _TAKES:
        raise CaseError(f"{where}.kind", kind, f"one of {', '.join(_TAKES)}")
    facts = {key: value for key, value in table.items() if not isinstance(value, dict)}
    tables = {key: value for key, value in table.items() if isinstance(value, dict)}
    for key in tables:
        if key not in _TAKES[kind]:
            raise CaseError(f"{where}.{key}", "given", f"entries {', '.join(_TAKES[kind])}")
    for key in _NEEDS[kind]:
        if key not in tables:
            raise CaseError(f"{where}.{key}", None, f"an entry that a {kind} needs")
    curves = {k: _curve(f"{where}.{k}", name, k, t) for k, t in tables.items() if k in _CURVES}
    plain = {
        k: _entry(f"{where}.{k}", f"{name}.{k}", t) for k, t in tables.items() if k not in curves
    }
    if kind == SALT:
        _check_facts(where, facts)
    for key, entry in plain.items():
        _number(f"{where}.{key}", entry)
    return Group(name, kind, plain, curves, facts)


def _entry(where: str, key: str, table: Mapping[str, Any]) -> Parameter:
    """An entry in the library's schema, every part of it asked for."""
    for part in ("value", "unit", "source", "confidence", "basis"):
        if part not in table:
            raise CaseError(f"{where}.{part}", None, "given, as in the library")
    for part, allowed in (("confidence", CONFIDENCES), ("basis", BASES)):
        if table[part] not in allowed:
            raise CaseError(f"{where}.{part}", table[part], f"one of {', '.join(allowed)}")
    bounds = table.get("range")
    if bounds is not None and not (isinstance(bounds, list) and len(bounds) == 2):
        raise CaseError(f"{where}.range", bounds, "two numbers, or left out")
    value = table["value"]
    return Parameter(
        key=key,
        value=value if isinstance(value, int | float) else "a curve",
        unit=str(table["unit"]),
        range=None if bounds is None else (float(bounds[0]), float(bounds[1])),
        source=str(table["source"]),
        confidence=table["confidence"],
        basis=table["basis"],
        note=str(table.get("note", "")),
    )


def _number(where: str, entry: Parameter) -> None:
    try:
        held = isfinite(entry.si)
    except UnitError as error:
        raise CaseError(
            f"{where}.unit", entry.unit, f"a unit of the SI or of it ({error})"
        ) from None
    if not held:
        raise CaseError(f"{where}.value", entry.value, "a finite number")


def _curve(where: str, name: str, key: str, table: Mapping[str, Any]) -> Curve:
    """A table of values at concentrations in mol/L, or the coefficients of a fit."""
    entry = _entry(where, f"{name}.{key}", table)
    values, at = table["value"], table.get("concentrations", [])
    if not _numbers(values) or not values:
        raise CaseError(f"{where}.value", values, "a list of numbers: of a table or of a fit")
    if not _numbers(at) or len(at) not in (0, len(values)) or len(at) == 1:
        allowed = "as many as values, in mol/L, two at least; none for the coefficients of a fit"
        raise CaseError(f"{where}.concentrations", at, allowed)
    if any(low >= high for low, high in pairwise(at)) or any(c <= 0 for c in at):
        raise CaseError(f"{where}.concentrations", at, "above 0, each above the one before")
    if key == "activity_coefficient" and at and any(value <= 0 for value in values):
        raise CaseError(f"{where}.value", values, "coefficients above 0")
    one = Parameter(entry.key, 1.0, entry.unit, None, "", "", "", "")
    _number(where, one)
    return Curve(tuple(LITRE * c for c in at), tuple(one.si * float(v) for v in values), entry)


def _written(curve: Curve, name: str) -> dict[str, Any]:
    """As the case has it: of a table of activity coefficients the logarithms, of which a fit is."""
    logarithms = name == "activity_coefficient" and curve.concentrations
    values = [log(v) for v in curve.values] if logarithms else list(curve.values)
    at = [with_unit(c, "mol/m^3") for c in curve.concentrations]
    return {"values": values, "concentrations": at} if at else {"values": values}


def _check_facts(where: str, facts: Mapping[str, Any]) -> None:
    for ion, sign in (("cation", 1), ("anion", -1)):
        charge = facts.get(f"{ion}_charge")
        if not isinstance(facts.get(ion), str):
            raise CaseError(f"{where}.{ion}", facts.get(ion), 'the name of an ion, such as "Zn2+"')
        if not isinstance(charge, int) or charge * sign <= 0:
            raise CaseError(f"{where}.{ion}_charge", charge, "its charge number, with its sign")
    valid = facts.get("valid")
    if not isinstance(valid, list) or not _numbers(valid) or not _rise(valid):
        allowed = "the lowest and highest concentration in mol/L at which it is measured"
        raise CaseError(f"{where}.valid", valid, allowed)


def _rise(pair: Sequence[float]) -> bool:
    return len(pair) == 2 and 0 < pair[0] < pair[1]


def _numbers(values: Any) -> bool:
    return isinstance(values, list) and all(
        isinstance(v, int | float) and not isinstance(v, bool) and isfinite(v) for v in values
    )
