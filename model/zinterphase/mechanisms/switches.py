"""A case with mechanisms switched on and off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zinterphase.case import Case, Draft
from zinterphase.errors import CaseError
from zinterphase.mechanisms.defaults import About
from zinterphase.mechanisms.definitions import (
    CaseValues,
    Definitions,
    FromLibrary,
    LevelName,
    MechanismSwitch,
    definitions,
)

Roles = Mapping[str, tuple[str, ...]]
"""Names of the layers that play a role."""
_ROLE = re.compile(r"\{(\w+)\}")


def roles_of(case: Case) -> dict[str, tuple[str, ...]]:
    """Layers by role, as mechanisms.toml explains them; roles nobody plays are left out."""
    dense = case.layers[: case.dense_count]
    above = case.layers[case.dense_count : -1]
    films = [layer.name for layer in above if layer.material == "TiO2"]
    found = {"dense": tuple(layer.name for layer in dense), "film": tuple(films[:1])}
    if dense:
        found["metal"] = (dense[-1].name,)
    if len(dense) > 1 and dense[-1].material == "Ag":
        found |= {"silver": (dense[-1].name,), "substrate": (dense[-2].name,)}
    return {role: names for role, names in found.items() if names}


@dataclass(frozen=True)
class Switchboard:
    """The base of a study and the switches that act on it.

    Attributes
    ----------
    base : The case with every switch off.
    switches : Switches that can act, in the order of the definitions.
    left_out : Reasons, by name of a switch that cannot.
    roles : Layers by role.
    zero : Zero of the case's potential scale [V vs SHE].
    notes : What the user should know of the base, one line each.
    about : What is asked of the switches.
    """

    base: Draft
    switches: tuple[MechanismSwitch, ...]
    left_out: Mapping[str, str]
    roles: Roles
    zero: float
    notes: tuple[str, ...]
    about: About
    defined: Definitions

    def case(self, names: Sequence[str] = ()) -> Case:
        """The case with some switches on.

        Raises :class:`CaseError` for names that are unknown, twice there, cannot act or exclude
        each other, and where the case refuses their values.
        """
        return self.draft(names).case()

    def draft(self, names: Sequence[str] = ()) -> Draft:
        """As :meth:`case`, before the library fills it in."""
        chosen = self.chosen(names)
        if pair := self.defined.excluded(tuple(s.name for s in chosen)):
            raise CaseError("switches", " + ".join(pair), "one of the two: they exclude each other")
        values: dict[str, Any] = {}
        factors: dict[str, float] = {}
        for switch in chosen:
            values |= self.filled(switch.on)
            for key, value in self.filled(switch.factors).items():
                factors[key] = factors.get(key, 1.0) * float(value)
        return self.base.changed({**values, **factors})

    def chosen(self, names: Sequence[str]) -> tuple[MechanismSwitch, ...]:
        """The switches by name, in the order of the definitions. Raises :class:`CaseError`."""
        known = {switch.name: switch for switch in self.switches}
        for name in names:
            if name in self.left_out:
                allowed = f"switches that act here; {name} does not: {self.left_out[name]}"
                raise CaseError("switches", name, allowed)
            if name not in known:
                others = [s.about[0] for s in self.defined.switch if s.name == name]
                hint = f" ({name} is one of studies about {others[0]})" if others else ""
                raise CaseError("switches", name, f"{', '.join(known)}{hint}")
        if len(set(names)) < len(names):
            raise CaseError("switches", ", ".join(names), "each switch once")
        return tuple(switch for name, switch in known.items() if name in names)

    def filled(self, values: CaseValues) -> dict[str, Any]:
        """Values by key of this case. Raises KeyError for a role that nobody plays."""
        return dict(_filled(values, self.roles, self.zero))


def switchboard(
    draft: Draft, level: LevelName | None = None, about: About = "evenness"
) -> Switchboard:
    """The base of a study of ``draft``: every switch off, kinetics those of bare zinc.

    Parameters
    ----------
    draft : The case as its file has it.
    level : Level of theory; that of the definitions by default.
    about : What is asked of the mechanisms.

    Raises
    ------
    CaseError
        The case, or its base, is refused.
    """
    defined = definitions()
    given = draft.case()
    if given.geometry.dimension == 1:
        allowed = "2 or 3: mechanisms are told by how even the current is along the surface"
        raise CaseError("geometry.dimension", 1, allowed)
    chosen = level or defined.base.level
    roles, zero = roles_of(given), given.scale_at(chosen).zero
    acting, left_out = [], {}
    for switch in defined.about(about, in_time=bool(given.protocol)):
        reason = _cannot_act(switch, roles, chosen)
        if reason is None:
            acting.append(switch)
        else:
            left_out[switch.name] = reason
    values: dict[str, Any] = {"level": chosen}
    for template in defined.base.remove:
        values |= dict.fromkeys(_keys(template, roles))
    values |= dict(_filled(defined.base.of(about), roles, zero))
    for switch in acting:
        values |= dict(_filled(switch.off, roles, zero))
    notes = []
    if chosen != given.level:
        notes.append(f"level {chosen} in place of the case's {given.level}")
    return Switchboard(
        draft.changed(values), tuple(acting), left_out, roles, zero, tuple(notes), about, defined
    )


def _cannot_act(switch: MechanismSwitch, roles: Roles, level: str) -> str | None:
    if not switch.acts:
        return "it acts in a case with a protocol"
    if level not in switch.levels:
        return f"it acts at level {' or '.join(switch.levels)}"
    needed = {*switch.needs, *(role for key in switch.keys for role in _ROLE.findall(key))}
    missing = sorted(needed - set(roles))
    return f"the case has no layer {{{missing[0]}}}" if missing else None


def _filled(values: CaseValues, roles: Roles, zero: float) -> Iterator[tuple[str, Any]]:
    for template, value in values.items():
        plain = value.value(zero) if isinstance(value, FromLibrary) else value
        for key in _keys(template, roles):
            yield key, plain


def _keys(template: str, roles: Roles) -> list[str]:
    """The key for every layer that plays its role; none where nobody does."""
    found = _ROLE.search(template)
    if found is None:
        return [template]
    return [template.replace(found.group(), name) for name in roles.get(found.group(1), ())]
