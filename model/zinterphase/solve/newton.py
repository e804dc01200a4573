"""One Newton loop for every level and coupling."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from zinterphase.errors import SolveError
from zinterphase.solve.border import BorderedSolver
from zinterphase.solve.secants import Secants
from zinterphase.solve.system import Array, System

LOOSEST_LINEAR = 1e-2
"""Relative tolerance of linear solves far from the solution."""
ROUNDING = 1e-14
DIVERGED = 1e4
"""Step over the first, or over the clipped, that no loop comes back from: the Jacobian is singular
where rate laws have saturated."""
STALLED = 15
"""Iterations without a residual or a step below the smallest so far that no loop comes back from:
loops that converge have at most 7, also those that take 40 clipped steps."""
HALVES = 8
"""Times that a step is halved at most."""
GAIN = 0.9
"""Part of the smallest so far that counts as below it."""
NEAR = 0.1
"""Step [RT/F] behind which a Jacobian serves again."""
CONTRACTION = 0.1
"""Part of the last step that the next one has to be, where its Jacobian is an old one."""
OF_SECANTS = 0.3
"""The same where the steps before correct it: the ones behind fall faster."""


@dataclass(frozen=True)
class NewtonOptions:
    """Controls of the loop; potentials in units of RT/F.

    ``tolerance`` bounds the last full step, ``residual_tolerance`` each equation's residual over
    its scale, ``clip`` each component of a step; ``together`` shortens a step as a whole, so that
    what it leaves unchanged stays so: amounts at a switch, where potentials jump. There every
    iteration has its own Jacobian, so that of a loose tolerance the square is left. ``reuse``
    begins with the Jacobian and factors of an earlier loop, where there are any, and corrects what
    they give by the steps that were taken with them. ``damped`` takes the best of a step and its
    halves while the residual grows: rate laws with plateaus.
    """

    tolerance: float = 1e-9
    residual_tolerance: float = 1e-9
    max_iterations: int = 60
    clip: float = 3.0
    together: bool = False
    reuse: bool = False
    damped: bool = False


@dataclass(frozen=True)
class Iteration:
    """One row of the solver's history; ``residual`` is relative to its scale."""

    residual: float
    step: float
    linear_iterations: int


@dataclass(frozen=True)
class NewtonReport:
    """What a converged loop did; ``residuals`` by equation, relative to their scales, ``rest`` the
    residual itself [A], by block: what the state leaves open."""

    iterations: tuple[Iteration, ...]
    residuals: dict[str, float]
    rest: tuple[Array, ...] = ()

    @property
    def algebraic_error(self) -> float:
        """Estimate of what the last step left of the error of the unknowns [RT/F].

        The last step times the factor by which it is smaller than the one before: linear solvers
        that stop early and rounding show in it. Never less than the rounding of values of order 1.
        """
        steps = [iteration.step for iteration in self.iterations]
        shrinkage = min(1.0, steps[-1] / steps[-2]) if len(steps) > 1 else 1.0
        return max(shrinkage * steps[-1], ROUNDING)


class NewtonFailure(SolveError):
    """The loop ended without convergence; ``iterations`` tell how.

    ``progressing`` is whether it was still on its way when its iterations were used up.
    """

    def __init__(
        self, reason: str, iterations: Sequence[Iteration], *, progressing: bool = False
    ) -> None:
        """Keep the history for the solver's log."""
        super().__init__(reason)
        self.progressing = progressing
        self.iterations = tuple(iterations)


@dataclass(frozen=True)
class ResidualScales:
    """Flux scale of every equation: by block and component [A], and by constraint."""

    components: tuple[tuple[float, ...], ...]
    constraints: tuple[float, ...]


def newton(
    system: System,
    bordered: BorderedSolver,
    scales: ResidualScales,
    options: NewtonOptions,
    checkpoint: Callable[[], None] = lambda: None,
) -> NewtonReport:
    """Solve from the present state; collective.

    Steps are clipped component by component (the unknowns are potentials, an exponential's
    argument). Jacobian and factors serve again as long as steps are short and fall fast, and the
    answer is the same to the tolerances. Converged means: the last full step was below tolerance,
    unclipped, and every equation's residual is below its own scale times the tolerance or, where
    cells are so thin that this cannot be resolved, below its rounding error. ``checkpoint`` is
    called once an iteration and may raise. Raises :class:`NewtonFailure`.
    """
    history: list[Iteration] = []
    linear, step, progress = bordered.linear, np.inf, _Progress()
    secants, serves = Secants(system), options.reuse
    contraction = OF_SECANTS if options.reuse else CONTRACTION
    while True:
        checkpoint()
        residual = system.residual()
        constraint = system.constraint_residual()
        relative = _relative_residuals(system, residual, constraint, scales)
        worst = max(relative.values())
        if not np.isfinite(worst):
            raise NewtonFailure("the residual is not finite", history)
        # Where steps are rounding no other lowers what is left of products of rounded numbers.
        slack = 2.0 if step < ROUNDING else 1.0
        if step < options.tolerance and _is_small(system, relative, scales, options, slack):
            return NewtonReport(tuple(history), relative, tuple(residual))
        if len(history) == options.max_iterations:
            last = f"step {step:.2g} RT/F, residual {worst:.2g}"
            text = f"no convergence in {len(history)} iterations ({last})"
            raise NewtonFailure(text, history, progressing=True)
        before = linear.iterations
        again = serves and bordered.is_ready
        take, former = bordered.step_again if again else bordered.step, step
        try:
            forcing = LOOSEST_LINEAR if again else _forcing(step)
            du, ds = take(np.concatenate(residual), constraint, forcing)
        except SolveError as error:
            raise NewtonFailure(str(error), history) from error
        whole = np.concatenate([du, ds])
        if options.reuse:
            whole = secants.corrected(whole, again=again)
        step = system.max_abs(whole)
        falls = step < NEAR and not (again and step > contraction * former)
        serves = falls and not options.together
        history.append(Iteration(worst, step, linear.iterations - before))
        if not np.isfinite(step):
            raise NewtonFailure("the Newton step is not finite", history)
        if step > DIVERGED * max(history[0].step, options.clip):
            raise NewtonFailure(f"Newton's iteration diverges (step {step:.2g} RT/F)", history)
        if progress.stalled(worst, step):
            raise NewtonFailure(
                f"no progress in {STALLED} of {len(history)} iterations (step {step:.2g} RT/F, "
                f"residual {worst:.2g})",
                history,
            )
        if options.together:
            increment = options.clip / max(step, options.clip) * whole
        else:
            increment = np.clip(whole, -options.clip, options.clip)
        start = system.unknowns()
        system.set_unknowns(start + increment)
        if options.damped and _shorten(system, scales, start, increment, worst) < 1.0:
            serves = False


def _shorten(
    system: System, scales: ResidualScales, start: Array, increment: Array, former: float
) -> float:
    """Go on with the best of a step and its halves, tried until the residual falls: which part."""

    def residual(part: float) -> float:
        system.set_unknowns(start + part * increment)
        rows, constraint = system.residual(), system.constraint_residual()
        worst = max(_relative_residuals(system, rows, constraint, scales).values())
        return worst if np.isfinite(worst) else np.inf

    part, tried = 1.0, [(residual(1.0), 1.0)]
    while tried[-1][0] > former and len(tried) <= HALVES:
        part /= 2
        tried.append((residual(part), part))
    best = min(tried)[1]
    if best != part:
        system.set_unknowns(start + best * increment)
    return best


class _Progress:
    """Smallest residual and step of a loop, and how long ago either fell."""

    def __init__(self) -> None:
        self._smallest = [np.inf, np.inf]
        self._idle = 0

    def stalled(self, residual: float, step: float) -> bool:
        """Take note of an iteration; whether there were too many without progress."""
        self._idle += 1
        for k, value in enumerate((residual, step)):
            if value < GAIN * self._smallest[k]:
                self._smallest[k], self._idle = value, 0
        return self._idle >= STALLED


def _forcing(step: float) -> float:
    """Relative tolerance of the next linear solve: loose while Newton is far from its end.

    Proportional to the square of the last step [RT/F], it keeps the convergence quadratic.
    """
    return float(min(LOOSEST_LINEAR, 0.03 * step**2))


def _is_small(
    system: System,
    relative: dict[str, float],
    scales: ResidualScales,
    options: NewtonOptions,
    slack: float,
) -> bool:
    """Whether every residual is below tolerance or, failing that, below ``slack`` times its
    rounding error."""
    large = {k: r for k, r in relative.items() if not r < options.residual_tolerance}
    if not large:
        return True
    rounding = _relative_norms(system, system.rounding(scales.components), scales)
    if not large.keys() <= rounding.keys():
        of_constraints = system.constraint_rounding()
        rounding |= _relative_constraints(system, of_constraints, scales)
    return all(r < slack * rounding.get(name, 0.0) for name, r in large.items())


def _relative_norms(
    system: System, vectors: list[Array], scales: ResidualScales
) -> dict[str, float]:
    """Root of the sum of squares of each equation's rows over its scale."""
    relative: dict[str, float] = {}
    for k, (block, values) in enumerate(zip(system.blocks, vectors, strict=True)):
        table = values.reshape(-1, system.components(k))
        for j, scale in enumerate(scales.components[k]):
            norm = np.sqrt(system.dot(table[:, j], table[:, j]))
            relative[f"{block.name}[{j}]"] = float(norm) / scale
    return relative


def residuals(system: System, scales: ResidualScales) -> dict[str, float]:
    """Residual of each equation and constraint at the present unknowns over its scale; not finite
    where the equations are not."""
    return _relative_residuals(system, system.residual(), system.constraint_residual(), scales)


def _relative_residuals(
    system: System, residual: list[Array], constraint: Array, scales: ResidualScales
) -> dict[str, float]:
    """Residual of each equation and constraint over its scale."""
    return _relative_norms(system, residual, scales) | _relative_constraints(
        system, constraint, scales
    )


def _relative_constraints(
    system: System, values: Array, scales: ResidualScales
) -> dict[str, float]:
    """Value of each constraint over its scale."""
    pairs = zip(system.constraints, values, scales.constraints, strict=True)
    return {c.scalar.function.name: abs(float(value)) / scale for c, value, scale in pairs}
