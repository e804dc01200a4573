"""What anodes that are compared must have in common, and what is worth knowing about each."""

from collections import Counter
from collections.abc import Callable, Sequence

from zinterphase.case import Case
from zinterphase.case.plan import largest_current
from zinterphase.cell.advice import require_valid
from zinterphase.cell.electrodes import cell_of
from zinterphase.cell.finding import Finding
from zinterphase.ensemble.jobs import driven
from zinterphase.errors import CaseError
from zinterphase.observe import keys

SHARED: dict[str, Callable[[Case], object]] = {
    "level": lambda case: case.level,
    "temperature": lambda case: case.temperature,
    "electrolyte": lambda case: case.electrolyte,
    "geometry.dimension": lambda case: case.geometry.dimension,
    "geometry.coordinates": lambda case: case.geometry.coordinates,
    "geometry.width": lambda case: case.geometry.extents,
    "counter.type": lambda case: case.counter.type,
    "metrics.smoothing_radius": lambda case: case.metrics.smoothing_radius,
}
"""What must be equal, in the order it is checked."""
SEVERITIES = ("refusal", "warning", "note")


def labels_of(cases: Sequence[Case]) -> tuple[str, ...]:
    """Titles of the cases; equal ones are told apart by a number."""
    titles = [case.title or "untitled" for case in cases]
    seen: Counter[str] = Counter()
    labels = []
    for title in titles:
        seen[title] += 1
        labels.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
    if len(set(labels)) < len(labels):
        raise CaseError("title", labels[-1], "a title of its own for each case")
    return tuple(labels)


def require_comparable(cases: Sequence[Case], labels: Sequence[str]) -> None:
    """Raise :class:`CaseError` where a case differs from the first one in its setting."""
    if not cases:
        raise CaseError("cases", None, "at least one case, the reference first")
    reference = cases[0]
    for case, label in zip(cases[1:], labels[1:], strict=True):
        if case.protocol != reference.protocol:
            allowed = f"that of the reference {labels[0]}, or a control in both"
            raise CaseError("protocol", f"another one in {label}", allowed)
        for field, value in SHARED.items():
            if value(case) != value(reference):
                shown = f"{value(case)} in {label}"
                allowed = f"that of the reference {labels[0]}, {value(reference)}"
                raise CaseError(field, shown, allowed)


def currents_of(
    cases: Sequence[Case],
    currents: Sequence[float] | None,
    otherwise: Sequence[float] | None = None,
) -> tuple[float, ...]:
    """Mean current densities [A/m2] in the order given; ``otherwise``, or those of the cases, by
    default.

    With a protocol its largest one, which labels the runs; 0 where voltages alone are imposed.
    """
    if cases[0].protocol:
        if currents is not None:
            allowed = "none beside a protocol, which says what is imposed"
            raise CaseError("currents", list(currents), allowed)
        return (largest_current(cases[0].protocol),)
    currents = otherwise if currents is None else currents
    if currents is not None:
        chosen = tuple(dict.fromkeys(float(current) for current in currents))
        if not chosen:
            raise CaseError("currents", None, "at least one mean current density")
        return chosen
    own = [case.control.current_density for case in cases]
    if own[0] is None:
        raise CaseError("control.current_density", None, "a mean current density to compare at")
    for current in own[1:]:
        if current != own[0]:
            raise CaseError(
                "control.current_density", current, f"the reference's, {own[0]:g} A/m^2"
            )
    return (own[0],)


def headline_of(cases: Sequence[Case]) -> str:
    """The field that evenness is told by: that of the current that every case has on its facets,
    the deposit's thickness in time."""
    if cases[0].protocol:
        return keys.DEPOSIT_THICKNESS
    return keys.headline(volumetric=any(cell_of(case).working.pores for case in cases))


def seeds_of(seeds: int | Sequence[int]) -> tuple[int, ...]:
    """Seeds 1 to n for a number n, or the seeds given."""
    chosen = tuple(range(1, seeds + 1)) if isinstance(seeds, int) else tuple(seeds)
    if not chosen or len(set(chosen)) < len(chosen):
        raise CaseError("seeds", list(chosen), "at least one seed, each once")
    return chosen


def notices(
    cases: Sequence[Case], currents: Sequence[float], seeds: Sequence[int]
) -> tuple[tuple[str, ...], ...]:
    """Warnings and advice by case, each once; advice that repeats itself is that of the largest
    current. Raises :class:`CaseError` for a case that is refused."""
    found = []
    for case in cases:
        lines = [f"warning: {text}" for text in case.warnings]
        lines += [f"warning: {text}" for text in _about_the_surface(case, cases[0], seeds)]
        advice: dict[tuple[str, str], Finding] = {}
        for current in sorted(currents, key=abs, reverse=True):
            for finding in require_valid(driven(case, current)).findings:
                advice.setdefault((finding.severity, finding.field), finding)
        lines += map(str, sorted(advice.values(), key=lambda f: SEVERITIES.index(f.severity)))
        found.append(tuple(lines))
    return tuple(found)


def _about_the_surface(case: Case, reference: Case, seeds: Sequence[int]) -> list[str]:
    lines = []
    if case.geometry.surface != reference.geometry.surface:
        lines.append("geometry.surface differs from the reference's: the anodes are not alike")
    if len(seeds) > 1 and case.with_seed(seeds[0]) == case.with_seed(seeds[1]):
        lines.append("nothing in the case is random: all seeds are the same surface")
    return lines
