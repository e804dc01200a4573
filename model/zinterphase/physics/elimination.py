"""Small linear systems whose entries are expressions."""

from collections.abc import Sequence

from zinterphase.expressions import Expr


def solved(matrix: Sequence[Sequence[Expr]], right: Sequence[Expr]) -> list[Expr]:
    """x of ``matrix`` x = ``right`` by elimination without pivoting: symmetric and positive.

    Entries that are zero as written make no expressions.
    """
    rows = [[*row, b] for row, b in zip(matrix, right, strict=True)]
    size = len(rows)
    for k in range(size):
        for j in range(k + 1, size):
            if _vanishes(rows[j][k]):
                continue
            factor = rows[j][k] / rows[k][k]
            rows[j] = [
                a if _vanishes(b) else a - factor * b for a, b in zip(rows[j], rows[k], strict=True)
            ]
            rows[j][k] = 0.0
    found: list[Expr] = [0.0] * size
    for k in reversed(range(size)):
        known = [rows[k][j] * found[j] for j in range(k + 1, size) if not _vanishes(rows[k][j])]
        rest = rows[k][size] - sum(known) if known else rows[k][size]
        found[k] = rest / rows[k][k]
    return found


def _vanishes(entry: Expr) -> bool:
    return bool(entry == 0)
