"""Rules that a protocol lays upon the rest of a case."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from zinterphase.case.levels import LEVELS, levels_that
from zinterphase.case.protocol import Block
from zinterphase.case.quantities import is_name
from zinterphase.case.step import Step
from zinterphase.errors import CaseError

if TYPE_CHECKING:
    from zinterphase.case.schema import Case

MOST_VISITS = 10_000_000
"""Steps of a run at most, repeats counted."""


def check_in_time(case: Case) -> None:
    """Raise CaseError for the first broken rule of a case with a protocol."""
    for key in ("current_density", "potential"):
        if getattr(case.control, key) is not None:
            raise CaseError(f"control.{key}", "given", "either a control or a protocol")
    _check_storage(case)
    if any(step.measures for _, step in _every_step(case)):
        require_response(case)
    _check_limits(case)
    visits = sum(_visits(block) for block in case.protocol)
    if visits > MOST_VISITS:
        raise CaseError("protocol", f"{visits} steps", f"at most {MOST_VISITS}, repeats counted")


def _check_storage(case: Case) -> None:
    """Something has to change with time."""
    if not (stores(case) or (LEVELS[case.level].kinetics and case.front is not None)):
        levels = levels_that("concentrations")
        others = "secondary with a double_layer_capacitance, a coverage that grows, or a front"
        allowed = f"what stores with a protocol: {', '.join(levels)}, or {others}"
        raise CaseError("level", case.level, allowed)


def stores(case: Case) -> bool:
    """Whether a cell has what answers a frequency: ions, double layers or states of walls."""
    facts = LEVELS[case.level]
    stored = facts.concentrations or any(k.changes_in_time for k in case.kinetics.values())
    return facts.kinetics and stored


def require_response(case: Case) -> None:
    """Raise :class:`CaseError` where nothing of a case changes with the frequency."""
    if not stores(case):
        allowed = (
            f"one that stores, for an impedance: {', '.join(levels_that('concentrations'))}, or "
            "secondary with a double_layer_capacitance or a coverage that grows"
        )
        raise CaseError("level", case.level, allowed)


def _check_limits(case: Case) -> None:
    low, high = case.limits.voltage
    for field, step in _every_step(case):
        if step.verb in ("charge", "discharge") and not case.opposite_layers:
            allowed = "plate or strip: charge and discharge are of a full cell, whose stack ends "
            raise CaseError(field, step.text, allowed + "with a counter electrode")
        if case.front is None and any(c.quantity == "gap" for c in step.until):
            raise CaseError(field, step.text, "a gap only with a front that moves")
        for voltage in (step.voltage, step.start, step.stop):
            if voltage is not None and not low <= voltage <= high:
                allowed = f"voltages within limits.voltage, {low:g} to {high:g} V"
                raise CaseError(field, step.text, allowed)
    if case.limits.gap is not None:
        wide = sum(layer.thickness for layer in case.layers[case.dense_count :])
        if case.front is None:
            raise CaseError("limits.gap", f"{case.limits.gap:g} m", "only with a front that moves")
        if case.limits.gap >= wide:
            raise CaseError("limits.gap", f"{case.limits.gap:g} m", f"below {wide:g} m, as made")
    if case.limits.concentration is not None:
        lowest, highest = case.limits.concentration
        for ion in {kinetics.reactant for kinetics in case.kinetics.values()}:
            bulk = case.electrolyte.find(ion).concentration
            if not lowest < bulk < highest:
                found = f"{lowest:g} to {highest:g} mol/m^3"
                allowed = f"limits around {bulk:g} mol/m^3 of {ion} in the bulk"
                raise CaseError("limits.concentration", found, allowed)


def _every_step(case: Case) -> Iterator[tuple[str, Step]]:
    return chain.from_iterable(
        _steps_of(block, f"protocol.{block.label if is_name(block.label) else number}")
        for number, block in enumerate(case.protocol, 1)
    )


def _steps_of(block: Block, where: str) -> Iterator[tuple[str, Step]]:
    """Every step as it is written, with its place."""
    for number, part in enumerate(block.steps, 1):
        field = f"{where}.steps.{number}"
        if isinstance(part, Block):
            yield from _steps_of(part, field)
        else:
            yield field, part


def _visits(block: Block) -> int:
    inner = sum(_visits(part) if isinstance(part, Block) else 1 for part in block.steps)
    return block.repeat * inner
