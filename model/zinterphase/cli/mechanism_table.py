"""What mechanisms do alone and all together, as the terminal has it."""

from collections.abc import Callable

from rich.table import Table

from zinterphase.ensemble.subject import CORROSION, Subject
from zinterphase.materials.reactions import HYDROGEN
from zinterphase.mechanisms.design import Combination
from zinterphase.mechanisms.effects import Effect
from zinterphase.mechanisms.sentences import (
    changed,
    micro,
    other_change,
    shown,
    shown_interval,
    verdicts,
    voltage_change,
)
from zinterphase.mechanisms.study import Mechanisms
from zinterphase.observe import keys

HYDROGEN_SHARE = keys.reaction_key("working", HYDROGEN, "current_share")
Cells = Callable[[Mechanisms, float, Combination], list[str]]
"""What a combination has at a current, a cell per column."""


def alone_and_together(study: Mechanisms) -> Table:
    """A row per mechanism: evenness at every current, or corrosion and what it costs to plate."""
    plan = study.plan
    blocks = [_block(study, plan.subject_at(i)) for i in plan.currents]
    names = [name for columns, _ in blocks for name in columns]
    table = Table("mechanism", *names, title=f"Alone and all together: {plan.subject.evenness_of}")
    heading = [
        f"at {plan.subject_at(i).at(i)}" if number == 0 else ""
        for i, (columns, _) in zip(plan.currents, blocks, strict=True)
        for number, _ in enumerate(columns)
    ]
    table.add_row("", *heading, end_section=True)
    for combination in _combinations(study):
        cells = [
            cell
            for i, (_, told) in zip(plan.currents, blocks, strict=True)
            for cell in told(study, i, combination)
        ]
        table.add_row(plan.design.label(combination), *cells)
    return table


def _combinations(study: Mechanisms) -> list[Combination]:
    plan = study.plan
    base: list[Combination] = [()] if plan.subject is CORROSION else []
    alone = [(switch.name,) for switch in plan.switches]
    return list(dict.fromkeys([*base, *alone, plan.design.together]))


def _block(study: Mechanisms, subject: Subject) -> tuple[tuple[str, ...], Cells]:
    """Columns at one current and their cells."""
    asked = study.plan.subject
    if subject is CORROSION:
        return ("uA/cm2", "corrosion", ""), _corrosion
    if asked is CORROSION:
        return ("potential by, mV", "to hydrogen"), _cost
    if any(metric == keys.LOST_RESTING for *_, metric in study.by_key):
        return ("H", "", "efficiency", "corrosion at rest"), _losses
    return ("H", "", "max/mean falls by"), _evenness


def _evenness(study: Mechanisms, current: float, combination: Combination) -> list[str]:
    subject = study.plan.subject_at(current)
    cv, peak = (
        study.by_key[current, combination, metric].effect
        for metric in (subject.cv, subject.max_over_mean)
    )
    return [*_cells(subject, cv), _cells(subject, peak)[0]]


def _losses(study: Mechanisms, current: float, combination: Combination) -> list[str]:
    """Evenness of the deposit, and what is given back of it."""
    told = [
        next(other_change(study.by_key, current, combination, key), "")
        for key in (keys.EFFICIENCY, keys.LOST_RESTING)
    ]
    return [*_evenness(study, current, combination)[:2], *told]


def _corrosion(study: Mechanisms, current: float, combination: Combination) -> list[str]:
    row = study.by_key[current, combination, CORROSION.headline]
    value = shown_interval(micro(row.mean), ".3g")
    if row.effect is None:
        return [value, "the base", ""]
    return [value, changed(row.effect.interval), verdicts(CORROSION)[row.effect.outcome]]


def _cost(study: Mechanisms, current: float, combination: Combination) -> list[str]:
    """What plating takes more of potential, and what hydrogen takes of its current."""
    change = voltage_change(study.by_key, current, combination, keys.POTENTIAL)
    share = study.by_key.get((current, combination, HYDROGEN_SHARE))
    return [change or "", "" if share is None else shown_interval(share.mean, ".2%")]


def _cells(subject: Subject, effect: Effect | None) -> tuple[str, str]:
    return ("-", "-") if effect is None else (shown(effect), verdicts(subject)[effect.outcome])
