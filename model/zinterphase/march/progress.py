"""How far a protocol has been walked: what a run needs to go on."""

from dataclasses import dataclass, field, replace

from zinterphase.march.controller import Pace
from zinterphase.march.sample import Origin, Sample


@dataclass
class Progress:
    """``visits`` steps of the protocol are over; ``last`` is the present instant.

    Within a step, ``step`` is the instant before it, ``segment`` the number of its piece,
    ``segment_begin`` [s] when that began (None: it has not), ``length`` [s] that of the next step
    of time and ``pace`` what the last one tells of it. ``cycle_begin`` is the instant at which the
    cycle ``cycle`` began; ``firsts`` are first steps of time [s] by the number of the protocol's
    step; ``turns`` what was left out at the ends of passes of blocks, as :func:`visits` asked.
    """

    last: Sample
    cycle_begin: Sample
    visits: int = 0
    cycle: int = 0
    step: Sample | None = None
    segment: int = 0
    segment_begin: float | None = None
    length: float = 0.0
    pace: Pace | None = None
    firsts: dict[int, float] = field(default_factory=dict)
    turns: list[int] = field(default_factory=list)

    @classmethod
    def at(cls, begin: Sample) -> "Progress":
        """At the beginning."""
        return cls(begin, begin)

    def copy(self) -> "Progress":
        """As it is now."""
        return replace(self, firsts=dict(self.firsts), turns=list(self.turns))

    @property
    def origin(self) -> Origin:
        """Where the quantities of the present step count from."""
        assert self.step is not None
        return Origin(self.step, self.cycle_begin)

    def enter(self, cycle: int) -> None:
        """A step of the protocol begins."""
        if cycle != self.cycle:
            self.cycle, self.cycle_begin = cycle, self.last
        self.step, self.segment, self.segment_begin = self.last, 0, None

    def leave(self) -> None:
        """It is over."""
        self.visits += 1
        self.step = None
