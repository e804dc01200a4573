"""The figure of a study of mechanisms, from its effects."""

from __future__ import annotations

from matplotlib.figure import Figure

from zinterphase.mechanisms.effects import Decision, Effect
from zinterphase.mechanisms.matrix_figure import MatrixCell, MatrixPanel, matrix_figure
from zinterphase.mechanisms.study import Mechanisms
from zinterphase.observe.statistics import CONFIDENCE

OPEN: tuple[Decision, ...] = ("open", "undefined")


def mechanisms_figure(study: Mechanisms) -> Figure:
    """H alone on the diagonal, interactions of pairs below it, a panel per current."""
    plan, subject = study.plan, study.plan.subject
    names = plan.design.switches
    panels = []
    for current in plan.currents:
        cells = {}
        for row, name in enumerate(names):
            cells[row, row] = _cell(study.by_key[current, (name,), subject.cv].effect)
            for column, other in enumerate(names[:row]):
                pair = study.by_key.get((current, (other, name), subject.cv))
                cells[row, column] = _cell(pair.interaction if pair else None, -1.0)
        panels.append(MatrixPanel(subject.title(current), cells))
    return matrix_figure(names, panels, _caption(study))


def _cell(effect: Effect | None, sign: float = 1.0) -> MatrixCell:
    if effect is None or effect.interval.value is None:
        return MatrixCell(None)
    return MatrixCell(100.0 * sign * effect.interval.value, effect.outcome not in OPEN)


def _caption(study: Mechanisms) -> str:
    plan = study.plan
    excluded = " Hatched: the two exclude each other." if plan.design.excluded else ""
    return (
        f"Diagonal: homogenisation factor H of the {plan.subject.evenness_of} with one mechanism "
        "switched on, in per cent of the base's coefficient of variation. Below it: how much more "
        "even (minus: less) a pair is than the product of what each does alone, "
        "\N{MINUS SIGN}100 ln[CV(AB) CV(0) / (CV(A) CV(B))]. Blue is more even, red less; grey "
        f"italics are not decided: the {CONFIDENCE:.0%} interval over {len(plan.seeds)} paired "
        f"seeds, widened by the error of the mesh, reaches over zero.{excluded} "
        f"Level {plan.level}."
    )
