"""Rules within a step of a protocol: the keys of its mode, and an end that comes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from zinterphase.case.table import refused
from zinterphase.errors import CaseError

if TYPE_CHECKING:
    from zinterphase.case.condition import Condition
    from zinterphase.case.step import Step

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "current": ("current_density",),
        "voltage": ("voltage",),
        "rest": (),
        "pulse": ("on", "on_time", "off", "off_time"),
        "sweep": ("from", "to", "rate"),
        "file": ("file",),
        "impedance": (),
    }
)
"""Keys of a mode, each of which it needs."""
_SPECTRUM = ("lowest", "highest")
"""Both or none, with mode "impedance" alone."""
_FIELDS = {"from": "start", "to": "stop"}
_ENDS_ITSELF = ("sweep", "file", "impedance")
_OF_A_CYCLE = ("CE", "hysteresis")
NO_CAPACITY = "another quantity: a capacity is that of a full cell"


def check_step(step: Step) -> None:
    """Raise the error of the first rule that is broken."""
    _check_keys(step)
    _check_spectrum(step)
    if step.duration is None and not step.until and step.mode not in _ENDS_ITSELF:
        raise refused("for", "an end: for a time, or until a condition")
    for condition in step.until:
        allowed = _objection(step, condition)
        if allowed is not None:
            raise refused("until", f'{allowed}, in place of "{condition}"')
    if step.mode == "sweep" and step.start == step.stop:
        raise refused("to", "another voltage than that of from")
    if step.mode == "file":
        _check_file(step)


def _check_keys(step: Step) -> None:
    for mode, keys in KEYS.items():
        for key in keys:
            given = getattr(step, _FIELDS.get(key, key)) is not None
            if mode == step.mode and not given:
                raise refused(key, f'a value with mode = "{mode}"')
            if mode != step.mode and given:
                raise refused(key, f'only with mode = "{mode}"')
    if step.mode == "current" and step.current_density == 0.0:
        raise refused("current_density", 'other than 0 A/m^2; mode = "rest" has no current')


def _check_spectrum(step: Step) -> None:
    given = [key for key in _SPECTRUM if getattr(step, key) is not None]
    if not step.measures:
        if given:
            raise refused(given[0], 'only with mode = "impedance"')
        return
    for key, value in (("for", step.duration), ("until", step.until), ("record", step.record)):
        if value:
            raise refused(key, "nothing: an impedance takes no time")
    if len(given) == 1:
        raise refused(given[0], "lowest and highest together, or none of them")
    if step.lowest is not None and step.highest is not None and step.lowest >= step.highest:
        raise refused("highest", f"above lowest, {step.lowest:g} Hz")


def _check_file(step: Step) -> None:
    try:
        _ = step.table
    except CaseError as error:
        raise refused("file", error.allowed) from None


def _objection(step: Step, condition: Condition) -> str | None:
    """What is allowed in place of a condition that cannot end this step; None where it may."""
    name = condition.quantity
    if name == "capacity":
        return NO_CAPACITY
    if name in _OF_A_CYCLE or condition.cycles is not None:
        return "a condition on this step: what cycles show belongs to stop"
    if name in ("time", "charge") and (not condition.rising or condition.value <= 0.0):
        return f"{name} >= a value above 0, as it grows from 0"
    if step.mode == "rest" and name in ("charge", "current"):
        return f"another quantity: {name} is 0 at rest"
    if (step.mode, name) in (("current", "current"), ("voltage", "voltage")):
        return f"another quantity: the step keeps its {name}"
    return None
