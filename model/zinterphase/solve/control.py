"""What drives the cell: one equation for the working electrode's potential."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import ufl

from zinterphase.solve.unknowns import GlobalScalar


@dataclass(frozen=True)
class Drive:
    """a (I - I*) + b (U - U*) + p (I U - P*) = 0 with the working electrode's current I [A] and
    potential U [RT/F] against the gauge.

    The coefficients are numbers: changing them compiles nothing.
    """

    a: float = 0.0
    b: float = 0.0
    p: float = 0.0
    current: float = 0.0
    potential: float = 0.0
    power: float = 0.0

    @classmethod
    def by_current(cls, current: float) -> "Drive":
        """Imposed current [A], anodic positive; zero is rest."""
        return cls(a=1.0, current=current)

    @classmethod
    def by_potential(cls, potential: float) -> "Drive":
        """Imposed potential [RT/F]."""
        return cls(b=1.0, potential=potential)

    @classmethod
    def by_power(cls, power: float) -> "Drive":
        """Imposed power [A RT/F], positive where it is put into the electrode."""
        return cls(p=1.0, power=power)

    @property
    def imposes_potential(self) -> bool:
        """Whether the current has no part in the equation."""
        return self.a == 0.0 and self.p == 0.0

    @property
    def imposes_current(self) -> bool:
        """Whether the potential has no part in the equation."""
        return self.b == 0.0 and self.p == 0.0

    def at_present(self, current: float, potential: float) -> "Drive":
        """The same kind of control with the targets that a current [A] and a potential [RT/F]
        meet."""
        return replace(self, current=current, potential=potential, power=current * potential)

    def towards(self, other: "Drive", fraction: float) -> "Drive":
        """On the way to another drive of the same kind."""

        def between(a: float, b: float) -> float:
            return a + fraction * (b - a)

        return replace(
            other,
            current=between(self.current, other.current),
            potential=between(self.potential, other.potential),
            power=between(self.power, other.power),
        )

    def scaled(self, fraction: float) -> "Drive":
        """The same kind of control with a fraction of its targets."""
        return replace(
            self,
            current=fraction * self.current,
            potential=fraction * self.potential,
            power=fraction * self.power,
        )


class Control:
    """The equation of an electrode's potential, as a constraint of the system."""

    def __init__(self, scalar: GlobalScalar, current: ufl.Form) -> None:
        """``scalar`` is the potential, ``current`` the electrode's [A]."""
        self.scalar = scalar
        self.integral = current
        self.drive = Drive.by_current(0.0)
        self.given = 0.0
        """Current [A] that no unknown changes: of the charge that earlier states held."""

    def apply(self, drive: Drive) -> None:
        """Take over a drive; an imposed potential is put on at once, where it is exact."""
        self.drive = drive
        if drive.imposes_potential:
            self.scalar.value = drive.potential

    def residual(self, value: float) -> float:
        """Left side of the equation for a value of the integral."""
        d, potential, current = self.drive, self.scalar.value, value + self.given
        return (
            d.a * (current - d.current)
            + d.b * (potential - d.potential)
            + d.p * (current * potential - d.power)
        )

    @property
    def by_integral(self) -> float:
        """Its derivative by the current."""
        return self.drive.a + self.drive.p * self.scalar.value

    def by_scalar(self, current: Callable[[], float]) -> float:
        """Its derivative by the potential at constant current."""
        return self.drive.b + (self.drive.p * (current() + self.given) if self.drive.p else 0.0)

    def scale(self, current: float) -> float:
        """Size against which the residual is judged; ``current`` [A] is that of the electrode."""
        d = self.drive
        return abs(d.a) * current + abs(d.b) + abs(d.p) * max(current, abs(d.power))
