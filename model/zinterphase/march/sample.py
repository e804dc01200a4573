"""The numbers of one instant, and what conditions ask of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import isnan, nan

from zinterphase.case.condition import Condition

SLACK = 1e-12
"""Of a condition's value: rounding does not decide."""


@dataclass(frozen=True)
class Sample:
    """SI units, signs as in the case: plating is negative.

    ``time`` [s] counts from the run's beginning, ``voltage`` [V] is the terminal's, ``current`` a
    density [A/m2], ``charge`` [C/m2] what has passed since t = 0, per projected area.
    ``thickness`` [m] is that of the deposit on the working electrode since t = 0, its mean,
    extremes and coefficient of variation over the surface (NaN where not known); ``current_cv``
    that of the metal's current. ``concentration_...`` [mol/m3] is the smallest of the metal's ion
    at each electrode (NaN where there is none). ``kinetic``, ``counter_kinetic``, ``ohmic`` and
    ``rest`` [V] are parts of the voltage without the series resistance (NaN without a current).
    ``metal_charge`` [C/m2] is what the working metal's own reaction has of the charge, that into
    its hosts with it, ``side_charge`` what all other reactions of that electrode have, and
    ``layer_charge`` what has gone into its double layers; ``side_current`` [A/m2] is that of the
    others at the instant, ``dissolved`` [C/m2] the charge of the working metal that chemical steps
    have taken since t = 0 without a current, ``isolated`` [C/m2] that of the metal that has lost
    contact, and ``hydrogen`` [mol/m2] what has evolved at both electrodes since t = 0.
    ``coverage`` is the mean share of the working metal that deposit covers, ``alloyed`` [C/m2]
    the charge of the metal that its hosts have taken up since t = 0, ``nuclei`` [1/m2] those that
    were born on its substrate (NaN where they do not change in time); ``hosted`` [C/m2] is what of
    ``alloyed`` did not come from behind the hosts (0 without).
    ``wall_pH`` is the largest pH at the working surface, ``precipitated`` [mol/m2]
    what there is of solids, per projected area, ``bound`` [C/m2] the charge of the plated ion in
    them (0 without), ``blocked`` the mean share of the reacting surface that they cover,
    ``open_pores`` the least share of the pores that they leave (NaN without). ``gap`` [m] is the
    smallest distance between electrodes that move, ``sa`` and ``sq`` [m] are the arithmetic and the
    root mean square height of the working one about its mean plane, ``peak`` and ``valley`` [m] the
    distances of its highest and lowest point from that (NaN where none moves or it is no graph);
    ``arc`` is the length of one that may fold, ``clearance`` its smallest distance from itself
    across the liquid (NaN of others, and where it faces itself nowhere). ``voltage_error``
    [V] and ``current_error`` [A/m2] are what the error of time is estimated at, one of them 0 as it
    is imposed, ``thickness_error`` [m] the largest of the thickness anywhere. ``mismatch`` is
    the worst open balance.
    """

    time: float
    voltage: float
    current: float
    charge: float
    thickness: float = nan
    thickness_min: float = nan
    thickness_max: float = nan
    thickness_cv: float = nan
    current_cv: float = nan
    concentration_working: float = nan
    concentration_counter: float = nan
    kinetic: float = nan
    counter_kinetic: float = nan
    ohmic: float = nan
    rest: float = nan
    metal_charge: float = nan
    side_charge: float = 0.0
    layer_charge: float = 0.0
    side_current: float = 0.0
    dissolved: float = 0.0
    isolated: float = 0.0
    hydrogen: float = 0.0
    coverage: float = nan
    alloyed: float = nan
    hosted: float = 0.0
    nuclei: float = nan
    wall_pH: float = nan  # noqa: N815
    precipitated: float = nan
    bound: float = 0.0
    blocked: float = nan
    open_pores: float = nan
    gap: float = nan
    sa: float = nan
    sq: float = nan
    peak: float = nan
    valley: float = nan
    arc: float = nan
    clearance: float = nan
    voltage_error: float = 0.0
    current_error: float = 0.0
    thickness_error: float = 0.0
    mismatch: float = 0.0

    @property
    def concentration(self) -> float:
        """The smaller of the electrodes' concentrations; those that are not solved do not count."""
        found = (self.concentration_working, self.concentration_counter)
        return min((c for c in found if not isnan(c)), default=nan)

    @classmethod
    def combined(cls, weights: Sequence[float], samples: Sequence["Sample"]) -> "Sample":
        """The sum of some samples, each times its weight."""
        pairs = list(zip(weights, samples, strict=True))
        return cls(**{f.name: sum(w * getattr(s, f.name) for w, s in pairs) for f in fields(cls)})

    def towards(self, other: "Sample", fraction: float) -> "Sample":
        """On the straight line to another sample."""
        values = {
            f.name: getattr(self, f.name)
            + fraction * (getattr(other, f.name) - getattr(self, f.name))
            for f in fields(self)
        }
        return replace(self, **values)

    def plus(self, one: "Sample", other: "Sample", factor: float) -> "Sample":
        """Moved by a multiple of the difference between two samples."""
        values = {
            f.name: getattr(self, f.name) + factor * (getattr(one, f.name) - getattr(other, f.name))
            for f in fields(self)
        }
        return replace(self, **values)


@dataclass(frozen=True)
class Origin:
    """Where a step's and its cycle's quantities count from."""

    step: Sample
    cycle: Sample


def quantity(name: str, sample: Sample, origin: Origin) -> float:
    """A condition's quantity of an instant; NaN where it is none of an instant."""
    values: Mapping[str, float] = {
        "time": sample.time - origin.step.time,
        "charge": abs(sample.charge - origin.step.charge),
        "voltage": sample.voltage,
        "current": sample.current,
        "thickness": sample.thickness - origin.cycle.thickness,
        "thickness_total": sample.thickness,
        "concentration": sample.concentration,
        "gap": sample.gap,
    }
    return values.get(name, nan)


def excess(condition: Condition, sample: Sample, origin: Origin) -> float:
    """How far a condition is met: zero where it just is, negative where it is not.

    In units of the quantity; NaN where that is not known.
    """
    found = quantity(condition.quantity, sample, origin)
    return found - condition.value if condition.rising else condition.value - found


def is_met(condition: Condition, sample: Sample, origin: Origin) -> bool:
    """Whether an instant meets a condition, but for rounding."""
    return excess(condition, sample, origin) >= -slack(condition, origin)


def slack(condition: Condition, origin: Origin) -> float:
    """What rounding may make of a condition's quantity."""
    begin = abs(quantity(condition.quantity, origin.step, origin))
    return SLACK * max(abs(condition.value), 0.0 if isnan(begin) else begin)
