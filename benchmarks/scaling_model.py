"""Strong and weak scaling beyond what was measured, from a model fitted to measurements.

    python benchmarks/scaling_model.py results/strong.jsonl results/weak.jsonl

Arguments: files that `scaling.py --output` has made, of one case at several widths on 1, 2, 4, ...
ranks. With N unknowns on p ranks the time of a run is

    m N + a N/p + K(N) (b N/p + s cut + r log2 p),    K = k N^q,

mesh on rank 0, assembly and the rest of Newton's loop, and K Krylov iterations with their work on a
rank, on the columns that its neighbours hold too, and in sums over all ranks. A rank owns whole
columns on a square of the lateral plane: cut = sides sqrt(N/p), with 1 side next to others on 2
ranks and 4 on many. The coarse level has a fixed size, so it is in the work of an iteration.
Memory: o + u N on rank 0 after the mesh; o + v N/p + u N in all. Both are of meshes that rank 0
makes whole: with `mesh.divisions` = n it makes 1/8^n of them, and ranks the rest of their own.

Coefficients are those of least squares of relative errors, none below zero; an interval is what
fits give that leave out one measurement each. r is not fitted: `--latency` gives it.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

Floats = npt.NDArray[np.float64]
Row = dict[str, Any]
REDUCTIONS = 120
"""Sums over all ranks in an outer iteration: orthogonalisation, and the Krylov steps inside."""
ENTRIES = 45
"""Of a row: 15 neighbours with three unknowns each."""
UNKNOWNS_A_NODE = 3
CELLS_A_NODE = 6
LARGEST_INDEX = 2**31 - 1
NODE = 256e9
"""Memory of a usual node [bytes]."""
RANKS = (1, 16, 256, 4096)
SIZES = (1e7, 1e8, 1e9)
OF_A_RANK = 2.5e5


def sides(ranks: float) -> float:
    """Sides of a rank's square that others lie behind, on average."""
    across = np.sqrt(ranks)
    return float(4 * (across - 1) / across) if ranks > 2 else float(ranks > 1)


@dataclass(frozen=True)
class Model:
    """Coefficients of the module's formulas [s, bytes]; ``krylov`` is (k, q)."""

    mesh: float
    assembly: float
    work: float
    cut: float
    latency: float
    krylov: tuple[float, float]
    memory: tuple[float, float, float]

    @classmethod
    def fitted(cls, rows: Sequence[Row], latency: float) -> "Model":
        """To measurements; ``latency`` [s] of a sum over two ranks."""
        size = np.array([row["unknowns"] for row in rows], dtype=float)
        ranks = np.array([row["ranks"] for row in rows], dtype=float)
        own = size / ranks
        count = np.array([row["krylov"] for row in rows], dtype=float)
        cut = np.array([sides(p) for p in ranks]) * np.sqrt(own)
        linear = np.array([row["linear_seconds"] for row in rows])
        rest = np.array([row["seconds"] for row in rows]) - linear
        mesh = np.array([row["mesh_seconds"] for row in rows])
        sums = count * REDUCTIONS * latency * np.log2(ranks)
        (m,) = _fit([size], mesh)
        (a,) = _fit([own], rest)
        b, s = _fit([count * own, count * cut], linear - sums)
        power = np.polyfit(np.log(size), np.log(count), 1)[0] if np.ptp(size) else 0.0
        scale = float(np.exp(np.mean(np.log(count) - power * np.log(size))))
        held = 1e6 * np.array([row["mesh_megabytes"] for row in rows])
        most = 1e6 * np.array([row["root_megabytes"] for row in rows])
        none = np.zeros_like(size)
        o, u, v = _fit(
            [np.ones(2 * len(rows)), np.tile(size, 2), np.concatenate([none, own])],
            np.concatenate([held, most]),
        )
        return cls(m, a, b, s, latency, (scale, float(power)), (o, u, v))

    def iterations(self, size: float) -> float:
        """Krylov iterations of a solve."""
        return float(self.krylov[0] * size ** self.krylov[1])

    def seconds(self, size: float, ranks: float) -> dict[str, float]:
        """Of a run, by part."""
        own, count = size / ranks, self.iterations(size)
        return {
            "mesh": self.mesh * size,
            "assembly": self.assembly * own,
            "work": count * self.work * own,
            "cut": count * self.cut * sides(ranks) * own**0.5,
            "sums": count * REDUCTIONS * self.latency * float(np.log2(ranks)),
        }

    def root_bytes(self, size: float, ranks: float) -> float:
        """Of rank 0 at most."""
        o, u, v = self.memory
        return o + u * size + v * size / ranks


def _fit(columns: Sequence[Floats], values: Floats) -> list[float]:
    """Coefficients >= 0 with the least squares of relative errors."""
    weights = 1 / np.maximum(values, 1e-3 * np.max(values))
    table = np.stack(columns, axis=1) * weights[:, None]
    scale = np.linalg.norm(table, axis=0)
    scale[scale == 0.0] = 1.0
    found, _ = nnls(table / scale, values * weights)
    return [float(value) for value in found / scale]


def models(rows: Sequence[Row], latency: float) -> list[Model]:
    """The fit to all measurements, then those that leave out one each."""
    parts = [[*rows[:k], *rows[k + 1 :]] for k in range(len(rows))]
    return [Model.fitted(part, latency) for part in (rows, *parts)]


def spread(values: Sequence[float]) -> str:
    """The first value with the interval of all."""
    return f"{values[0]:.3g} ({min(values):.3g} to {max(values):.3g})"


def line(fits: Sequence[Model], size: float, ranks: int, most: float) -> str:
    """A row of the table; ``most`` is what ranks were measured up to."""
    parts = fits[0].seconds(size, ranks)
    first = max(parts, key=lambda name: parts[name])
    total = spread([sum(fit.seconds(size, ranks).values()) for fit in fits])
    without = spread([sum(fit.seconds(size, ranks).values()) - fit.mesh * size for fit in fits])
    memory = spread([fit.root_bytes(size, ranks) / 1e9 for fit in fits])
    beyond = "  extrapolated" if ranks > most else ""
    return f"{size:9.3g} {ranks:6d}  {total:30s} {without:30s} {memory:28s} {first:9s}{beyond}"


def limits(model: Model, size: float, ranks: int) -> list[str]:
    """What would break of a run."""
    found = []
    cells = CELLS_A_NODE * size / UNKNOWNS_A_NODE
    if model.root_bytes(size, ranks) > NODE:
        held = model.root_bytes(size, ranks) / 1e9
        whole = f"{held:.0f} GB and {model.mesh * size / 3600:.1f} h"
        found.append(f"the mesh on rank 0: {whole}, without mesh.divisions")
    if ENTRIES * size / ranks > LARGEST_INDEX:
        found.append("32-bit indices of the entries of a rank's matrix")
    if cells > LARGEST_INDEX:
        found.append("32-bit numbers of cells")
    parts = model.seconds(size, ranks)
    if parts["sums"] > parts["work"]:
        found.append("sums over all ranks take longer than work")
    return found


def main() -> None:
    """Print coefficients, what they miss, and predictions."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--latency", type=float, default=3e-6, help="of a sum over 2 ranks [s]")
    arguments = parser.parse_args()
    text = "\n".join(file.read_text(encoding="utf-8") for file in arguments.files)
    rows = [json.loads(entry) for entry in text.splitlines() if entry]
    if len(rows) < 4:
        raise SystemExit(f"{len(rows)} measurements are too few for the coefficients: at least 4")
    if any(row["krylov"] == 0 for row in rows):
        raise SystemExit("measurements of a direct solver have no Krylov iterations to fit")
    fits = models(rows, arguments.latency)
    for name in ("mesh", "assembly", "work", "cut"):
        print(f"{name:9s} {spread([1e6 * getattr(fit, name) for fit in fits])} us")
    print(f"krylov    ~ N^{spread([fit.krylov[1] for fit in fits])}")
    print(f"rank 0    {spread([fit.memory[1] for fit in fits])} bytes an unknown of the whole mesh")
    misses = []
    for row in rows:
        total = sum(fits[0].seconds(row["unknowns"], row["ranks"]).values())
        misses.append(total / (row["seconds"] + row["mesh_seconds"]) - 1)
    print(f"misses what was measured by at most {100 * max(map(abs, misses)):.0f} %")
    most = max(row["ranks"] for row in rows)
    print(
        " unknowns  ranks  seconds                        without mesh"
        "                   GB on rank 0                 most of it"
    )
    strong = [(size, ranks) for size in SIZES for ranks in RANKS]
    weak = [(OF_A_RANK * ranks, ranks) for ranks in RANKS]
    for title, points in (("strong", strong), ("weak", weak)):
        print(title)
        for size, ranks in points:
            print(line(fits, size, ranks, most))
            for limit in limits(fits[0], size, ranks):
                print(f"{'':18s}breaks: {limit}")


if __name__ == "__main__":
    main()
