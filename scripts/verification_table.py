#!/usr/bin/env python
"""Write docs/verification.md from what `zinterphase verify -o FOLDER` wrote.

Repeat: zinterphase verify --suite full -o results/verification
        python scripts/verification_table.py results/verification

Several folders may be given, for a suite that was run in parts; a problem that no folder has is
listed as not run.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from zinterphase.verification.known import KnownProblem
from zinterphase.verification.registry import PROBLEMS
from zinterphase.verification.runner import check_of

PAGE = Path(__file__).parents[1] / "docs" / "verification.md"
FAMILIES = {
    "diffuse-layer": "Diffuse layer at a wall",
    "thin-film": "Thin film with Stern layer and Frumkin Butler-Volmer kinetics",
    "stack": "Flat stacks",
    "jump": "Jumps of permittivity and conductivity",
    "distribution": "Current distribution",
    "binary-cell": "Binary electrolyte between two electrodes, ideal",
    "concentrated-cell": "Binary electrolyte between two electrodes, measured properties",
    "chloride": "A 1:2 salt by measured properties",
    "charged-layer": "Donnan equilibrium and charged layers under current",
    "manufactured": "Manufactured solutions",
    "jacobian": "Jacobian against differences of the residual",
    "reactions": "Several reactions on one electrode",
    "ranks": "Partitions and numbering",
}
"""Headings in the order of the page."""
INTRODUCTION = """\
# Verification

Built-in problems with known solutions. Each is a case as a user writes it, solved by the code
that solves a user's case; fields that no case file can ask for (manufactured solutions, exact
values on an arc) are put in as data on a mesh handed over as arrays.

```bash
zinterphase verify                        # suite fast
zinterphase verify --suite full           # every problem
zinterphase verify stack distribution.hull
zinterphase verify --list --suite full
mpirun -n 2 zinterphase verify ranks
```

A quantity passes when its error is at most its tolerance; the command ends with exit code 6
when one does not. `-o FOLDER` writes every quantity to `verification.json` and
`verification.csv`. Errors are relative to the known value unless that is zero or part of a
profile (then over the profile's size); an order of convergence is the slope over all meshes,
its error the distance to the expected order. Bounds have the tolerance 0. Reference cases are
the files of `model/zinterphase/verification/data` and `tests/verification/reference`, computed
without finite elements; each has its specification and cross-checks beside it. The closed forms
in `model/zinterphase/verification/closed` are compared with them in
`tests/verification/test_closed_forms.py`.

What a fault looks like is in `tests/verification/test_mutations.py`: a wrong sign of the
Faradaic flux, a missing factor z or n, alpha_a and alpha_c swapped, a projected gradient in
place of the consistent flux, a wrong sign of the fixed charge and of the potential of zero
charge are planted one by one, and a problem of the suite `fast` fails for each.

Limits: there is no manufactured solution with P2 in three dimensions (its order on a curved
electrode is tested in `tests/verification/test_curved_electrode.py`); at
`primary` the metal is equipotential; what changes in time is tested in `tests/march`.
"""
TABLE = """\
The column "closest" shows, of all quantities of a problem, the one that uses most of its tolerance.

"""


def main() -> None:
    """Read results, write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, help="folders of `zinterphase verify -o`")
    results: dict[str, dict[str, Any]] = {}
    for folder in parser.parse_args().folders:
        data = json.loads((folder / "verification.json").read_text(encoding="utf-8"))
        results |= {entry["name"]: entry for entry in data["problems"]}
    parts = [INTRODUCTION, times(results), TABLE, *(section(f, results) for f in FAMILIES)]
    PAGE.write_text("\n".join(parts).rstrip() + "\n", encoding="utf-8")


def times(results: dict[str, dict[str, Any]]) -> str:
    """Quantities and CPU time of both suites, with what is missing."""
    rows = ["| suite | problems | run | quantities | passed | CPU time, warm form cache |"]
    rows.append("|---|---|---|---|---|---|")
    for suite in ("fast", "full"):
        problems = [p for p in PROBLEMS if suite == "full" or p.fast]
        run = [results[p.name] for p in problems if p.name in results]
        quantities = sum(len(entry["checks"]) for entry in run)
        passed = sum(check["passed"] for entry in run for check in entry["checks"])
        seconds = sum(entry["cpu_seconds"] for entry in run)
        counts = f"{len(problems)} | {len(run)} | {quantities} | {passed}"
        rows.append(f"| {suite} | {counts} | {seconds:.0f} s |")
    return "## Time\n\n" + "\n".join(rows) + "\n"


def section(family: str, results: dict[str, dict[str, Any]]) -> str:
    """Table of a family."""
    rows = ["| problem | suite | what is compared | known from | quantities | closest |"]
    rows.append("|---|---|---|---|---|---|")
    rows += [row(p, results.get(p.name)) for p in PROBLEMS if p.family == family]
    return f"## {FAMILIES[family]}\n\n" + "\n".join(rows) + "\n"


def row(problem: KnownProblem, entry: dict[str, Any] | None) -> str:
    """One problem; without a result it was not run."""
    suite = "fast" if problem.fast else "full"
    start = f"| `{problem.name}` | {suite} | {problem.what} | {problem.source}"
    if entry is None:
        return f"{start} | | not run |"
    if entry["failure"] is not None:
        return f"{start} | | FAILED: {entry['failure']} |"
    closest = max(map(check_of, entry["checks"]), key=lambda check: check.share)
    verdict = "" if entry["passed"] else "FAILED: "
    numbers = f"{closest.computed:.6g} against {closest.exact:.6g}"
    errors = f"error {closest.error:.1e} of {closest.tolerance:.2g}"
    text = f"{verdict}{closest.quantity}: {numbers}, {errors}".replace("|", "/")
    return f"{start} | {len(entry['checks'])} | {text} |"


if __name__ == "__main__":
    main()
