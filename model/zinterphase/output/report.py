"""Tables that a run writes of its result: balances, iterations, profiles."""

from collections.abc import Sequence

from zinterphase.observe.profiles import Samples
from zinterphase.observe.recovery import ERROR
from zinterphase.output.files import finite
from zinterphase.result import Result
from zinterphase.solve.continuation import Attempt


def balance_rows(result: Result) -> list[dict[str, object]]:
    """The content of `balance.csv`."""
    return [
        {
            "balance": row.name,
            "left": row.left,
            "right": row.right,
            "unit": row.unit,
            "scale": row.scale,
            "mismatch_over_scale": row.mismatch,
        }
        for row in result.balances
    ]


def solver_rows(attempts: Sequence[Attempt]) -> list[dict[str, object]]:
    """The content of `solver.csv`: one row per Newton iteration of every attempt."""
    return [
        {
            "attempt": number,
            "load": attempt.load,
            "converged": attempt.converged,
            "iteration": k,
            "residual": iteration.residual,
            "step": iteration.step,
            "linear_iterations": iteration.linear_iterations,
        }
        for number, attempt in enumerate(attempts, 1)
        for k, iteration in enumerate(attempt.report.iterations, 1)
    ]


def profile_rows(samples: list[Samples]) -> list[dict[str, object]]:
    """The content of `profiles.csv`; points outside the liquid have empty cells, and so have values
    without an estimated error."""
    rows: list[dict[str, object]] = []
    for sample in samples:
        for k, point in enumerate(sample.position):
            axes = dict(zip("xyz", map(float, point), strict=False))
            values = {n: finite(v[k]) for n, v in sample.values.items()}
            errors = {f"{n}{ERROR}": finite(v[k]) for n, v in sample.errors.items()}
            rows.append({"line": sample.label, **axes, **values, **errors})
    return rows
