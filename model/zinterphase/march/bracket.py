"""Where a function of one number changes its sign: which number to try next."""

MARGIN = 1e-9
"""Of an interval: a guess keeps so far from its ends."""

type Value = tuple[float, float]
"""An argument with the function there."""


class Bracket:
    """An interval in which a function rises through zero, narrowed by values that are asked for.

    Chandrupatla, Adv. Eng. Softw. 28 (1997) 145: the inverse parabola through three values where it
    is monotonous between them, else the middle; the line where there are two.
    """

    def __init__(self, below: Value, above: Value) -> None:
        """The function is negative at ``below`` and is not at ``above``."""
        self.below, self.above = below, above
        self._third: Value | None = None
        self._last = above

    @property
    def width(self) -> float:
        """Of the interval."""
        return self.above[0] - self.below[0]

    def guess(self, goal: float = 0.0) -> float:
        """Where the function may come to ``goal``, a value between those of the ends."""
        other = self.below if self._last is self.above else self.above
        (x1, f1), (x2, f2) = ((x, f - goal) for x, f in (self._last, other))
        part = f1 / (f1 - f2)
        if self._third is not None:
            x3, f3 = self._third[0], self._third[1] - goal
            part = _inverse_parabola((x1, f1), (x2, f2), (x3, f3))
        part = min(1 - MARGIN, max(MARGIN, part))
        return x1 + part * (x2 - x1)

    def take(self, value: Value, *, is_above: bool) -> None:
        """Narrow it to a value that was asked for."""
        self._third = self.above if is_above else self.below
        self._last = value
        if is_above:
            self.above = value
        else:
            self.below = value


def _inverse_parabola(one: Value, two: Value, three: Value) -> float:
    """From ``one`` towards ``two``, between which the function is zero, as a part of the way."""
    (x1, f1), (x2, f2), (x3, f3) = one, two, three
    if f3 in (f1, f2):
        return 0.5
    xi, phi = (x1 - x2) / (x3 - x2), (f1 - f2) / (f3 - f2)
    if not (phi**2 < xi and (1 - phi) ** 2 < 1 - xi):
        return 0.5
    first = f1 / (f2 - f1) * f3 / (f2 - f3)
    return first + (x3 - x1) / (x2 - x1) * f1 / (f3 - f1) * f2 / (f3 - f2)
