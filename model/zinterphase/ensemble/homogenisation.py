"""The homogenisation table: an ensemble of runs reduced to means and intervals over seeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from zinterphase.observe.homogeneity import METRICS
from zinterphase.observe.statistics import (
    CONFIDENCE,
    Interval,
    homogenisation_factor,
    mean_interval,
)
from zinterphase.output.files import write_json, write_rows


@dataclass(frozen=True)
class Member:
    """One run of an ensemble.

    Attributes
    ----------
    case : Name of the case, unique among the compared ones.
    label : What readers see, for example in a legend.
    seed : Seed of the run's random fields.
    current : Imposed mean current density, cathodic negative [A/m^2].
    level : Level of theory.
    metrics : Per field the metrics by name, as `Homogeneity.metrics` gives them.
    scalars : Further numbers of the run by name, SI.
    units : Units of fields and scalars by name.
    converged : Whether the run gave a solution; if not, its numbers are not used.
    reason : Why it did not.
    """

    case: str
    label: str
    seed: int
    current: float
    level: str
    metrics: dict[str, dict[str, float | None]] = field(default_factory=dict)
    scalars: dict[str, float] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    converged: bool = True
    reason: str | None = None


@dataclass(frozen=True)
class Failure:
    """A run that gave no solution."""

    case: str
    level: str
    current: float
    seed: int
    reason: str


@dataclass(frozen=True)
class HomogenisationRow:
    """One field of one case at one current, over its seeds.

    Attributes
    ----------
    case, label, level, current, field : What the row is of.
    seeds : Seeds that converged.
    failures : Runs that did not.
    metrics : Mean over the seeds of each metric (`observe.homogeneity.METRICS`).
    homogenisation : H against the reference case; for the reference itself there is none.
    scalars : Mean over the seeds of each scalar.
    """

    case: str
    label: str
    level: str
    current: float
    field: str
    seeds: tuple[int, ...]
    failures: tuple[Failure, ...]
    metrics: dict[str, Interval]
    homogenisation: Interval
    scalars: dict[str, Interval]

    def flat(self) -> dict[str, object]:
        """The row as one line of numbers and strings, None where there is nothing."""
        line: dict[str, object] = {
            "case": self.case,
            "label": self.label,
            "level": self.level,
            "current": self.current,
            "field": self.field,
            "seeds": len(self.seeds),
            "failed": len(self.failures),
            "failed_seeds": " ".join(str(failure.seed) for failure in self.failures),
        }
        intervals = {**self.metrics, "homogenisation": self.homogenisation, **self.scalars}
        for name, interval in intervals.items():
            line[name] = interval.value
            line[f"{name}_low"] = interval.low
            line[f"{name}_high"] = interval.high
            line[f"{name}_reason"] = interval.reason
        return line


@dataclass(frozen=True)
class HomogenisationTable:
    """Rows per case, current and field, in the order the runs were given.

    Attributes
    ----------
    reference : The case that H is against.
    rows : The rows.
    units : Units of fields and scalars by name.
    """

    reference: str
    rows: tuple[HomogenisationRow, ...]
    units: dict[str, str]

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields in the table."""
        return tuple(dict.fromkeys(row.field for row in self.rows))

    def at(self, currents: Sequence[float]) -> HomogenisationTable:
        """The rows at some currents."""
        return replace(self, rows=tuple(row for row in self.rows if row.current in currents))

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Every run that gave no solution, once."""
        return tuple(dict.fromkeys(failure for row in self.rows for failure in row.failures))

    def row(
        self, case: str, current: float, name: str, level: str | None = None
    ) -> HomogenisationRow:
        """The row of a field; `level` only where the table has several.

        Raises
        ------
        KeyError
            There is not exactly one such row.
        """
        found = [
            row
            for row in self.rows
            if (row.case, row.current, row.field) == (case, current, name)
            and level in (None, row.level)
        ]
        if len(found) != 1:
            raise KeyError(f"{len(found)} rows for {case}, {current:g} A/m^2, {name}")
        return found[0]

    def as_dict(self) -> dict[str, object]:
        """The table as numbers, lists and strings, ready for JSON."""
        return {
            "reference": self.reference,
            "confidence": CONFIDENCE,
            "units": {"current": "A/m^2", **self.units},
            "rows": [asdict(row) for row in self.rows],
            "failures": [asdict(failure) for failure in self.failures],
        }

    def to_json(self, path: Path) -> None:
        """Write everything as JSON."""
        write_json(path, self.as_dict())

    def to_csv(self, path: Path) -> None:
        """Write one line per row, in SI: ``current`` in A/m2, ``unit`` is that of the mean; failed
        runs are counted, and named by their seeds."""
        rows = ({**row.flat(), "unit": self.units.get(row.field)} for row in self.rows)
        write_rows(path, list(rows))


def homogenisation_table(
    members: Sequence[Member],
    *,
    reference: str | None = None,
    cv_errors: Mapping[str, float] | None = None,
) -> HomogenisationTable:
    """Reduce runs to a table. Runs that failed stay in it by number and name.

    Parameters
    ----------
    members : The runs; in any order, for any number of cases, levels, currents and seeds.
    reference : Case that H is against; the first run's case by default.
    cv_errors : Per field the numerical error of the reference's CV; H needs a CV above it.

    Raises
    ------
    ValueError
        There is no run, no run of the reference, two runs of the same case, level,
        current and seed, or none that has a field.
    """
    if not members:
        raise ValueError("a homogenisation table needs at least one run")
    reference = members[0].case if reference is None else reference
    if reference not in {member.case for member in members}:
        raise ValueError(f"no run of the reference case {reference}")
    keys = [(m.case, m.level, m.current, m.seed) for m in members]
    if twice := [key for key, count in Counter(keys).items() if count > 1]:
        raise ValueError("two runs of {}, {}, {:g} A/m^2, seed {}".format(*twice[0]))
    fields = tuple(dict.fromkeys(name for m in members for name in m.metrics))
    if not fields:
        raise ValueError("no run has a field to compare")
    scalars = tuple(dict.fromkeys(name for m in members for name in m.scalars))
    groups: dict[tuple[str, float, str], list[Member]] = {}
    for member in members:
        groups.setdefault((member.level, member.current, member.case), []).append(member)
    errors = cv_errors or {}
    rows = [
        _row(group, groups.get((level, current, reference), []), name, scalars, errors)
        for (level, current, _), group in groups.items()
        for name in fields
    ]
    return HomogenisationTable(reference, tuple(rows), units_of(members))


def units_of(members: Iterable[Member]) -> dict[str, str]:
    """Units of the fields and scalars of some runs."""
    return {name: unit for member in members for name, unit in member.units.items()}


def _row(
    group: Sequence[Member],
    bare: Sequence[Member],
    name: str,
    scalars: Sequence[str],
    cv_errors: Mapping[str, float],
) -> HomogenisationRow:
    first = group[0]
    good = [member for member in group if member.converged]
    failures = tuple(
        Failure(m.case, m.level, m.current, m.seed, m.reason or "no reason given")
        for m in group
        if not m.converged
    )
    if bare and bare[0].case == first.case:
        homogenisation = Interval(None, None, None, len(good), "the reference itself")
    else:
        homogenisation = _factor(good, bare, name, cv_errors.get(name, 0.0))
    return HomogenisationRow(
        case=first.case,
        label=first.label,
        level=first.level,
        current=first.current,
        field=name,
        seeds=tuple(member.seed for member in good),
        failures=failures,
        metrics={
            metric: _mean({m.seed: _metric(m, name, metric) for m in good}) for metric in METRICS
        },
        homogenisation=homogenisation,
        scalars={key: _mean({m.seed: m.scalars.get(key) for m in good}) for key in scalars},
    )


def _metric(member: Member, name: str, metric: str) -> float | None:
    return member.metrics.get(name, {}).get(metric)


def _mean(values: Mapping[int, float | None]) -> Interval:
    """Mean over seeds; one seed without a value leaves none, for the rest would be a choice."""
    missing = [str(seed) for seed, value in values.items() if value is None]
    if missing:
        reason = f"not defined on {len(missing)} of {len(values)} seeds: {' '.join(missing)}"
        return Interval(None, None, None, len(values), reason)
    return mean_interval([value for value in values.values() if value is not None])


def _factor(
    coated: Sequence[Member], bare: Sequence[Member], name: str, cv_error: float
) -> Interval:
    """H over the seeds that gave a solution, and a CV, on both surfaces."""
    partners = {member.seed: member for member in bare if member.converged}
    pairs = [(partners[member.seed], member) for member in coated if member.seed in partners]
    sign_changes = any(_metric(m, name, "reversed_fraction") != 0.0 for pair in pairs for m in pair)
    values = [(_metric(b, name, "cv"), _metric(c, name, "cv")) for b, c in pairs]
    defined = [(b, c) for b, c in values if b is not None and c is not None]
    if len(defined) < len(values):
        reason = f"not defined: no CV on {len(values) - len(defined)} of {len(values)} pairs"
        return Interval(None, None, None, len(values), reason)
    return homogenisation_factor(
        [b for b, _ in defined],
        [c for _, c in defined],
        cv_error=cv_error,
        sign_changes=sign_changes,
    )
