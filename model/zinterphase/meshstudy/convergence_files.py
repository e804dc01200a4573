"""The files of a mesh study, and of a run whose mesh was refined until it was accurate enough."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

from zinterphase.meshstudy.convergence import Convergence
from zinterphase.observe.quantity import Kind, Quantity
from zinterphase.output.figures import save_figure
from zinterphase.output.files import write_json, write_rows
from zinterphase.output.results import quantities
from zinterphase.output.runfolder import RunFolder
from zinterphase.output.writer import RunOrigin, write_result
from zinterphase.parallel import on_root
from zinterphase.result import Result


def write_accurate_result(
    folder: RunFolder, result: Result, origin: RunOrigin, convergence: Convergence
) -> None:
    """Fill the folder of a run on the finest mesh of ``convergence``; collective."""

    def write() -> None:
        for name in ("convergence.csv", "convergence.json"):
            folder.claim(name)
        write_convergence(convergence, folder.path)

    on_root(result.problem.domain.comm, write)
    more = {**_judged(result, convergence), **_accuracy(convergence)}
    write_result(folder, result, origin, more=more, spent=convergence.spent())


def write_convergence(convergence: Convergence, folder: Path) -> None:
    """Write `convergence.csv` (a row per quantity) and `convergence.json` (everything)."""
    write_rows(folder / "convergence.csv", _rows(convergence))
    meshes = [
        {k: v for k, v in asdict(mesh).items() if k not in ("key", "values", "units", "noise")}
        for mesh in convergence.meshes
    ]
    content = {
        **convergence.spent(),
        "targets": [target.name for target in convergence.targets],
        "family": meshes,
        "quantities": {name: q.entry() for name, q in convergence.quantities.items()},
    }
    write_json(folder / "convergence.json", content)


def write_figure(convergence: Convergence, folder: Path, caption: str) -> None:
    """Draw `convergence.png` and `.pdf`. Not collective: one rank writes."""
    from zinterphase.meshstudy.convergence_figure import convergence_figure

    figure = convergence_figure(convergence, caption)
    for suffix in ("png", "pdf"):
        save_figure(figure, folder / f"convergence.{suffix}")


def _judged(result: Result, convergence: Convergence) -> dict[str, Quantity]:
    """The numbers of the finest mesh with what the family of meshes says of their errors."""
    found = quantities(result)
    return {
        name: replace(found[name], error=q.estimate.error, reason=q.estimate.reason)
        for name, q in convergence.quantities.items()
    }


def _accuracy(convergence: Convergence) -> dict[str, Quantity]:
    """What was asked and spent."""
    meshes = convergence.meshes
    unknowns, seconds = (sum(m.unknowns for m in meshes), sum(m.seconds for m in meshes))
    return {
        "accuracy.asked": Quantity(convergence.tolerance, "1", Kind.GIVEN),
        "accuracy.met": Quantity(convergence.met, "1", Kind.SWITCH),
        "accuracy.meshes": Quantity(len(meshes), "1", Kind.COUNT),
        "accuracy.unknowns": Quantity(unknowns, "1", Kind.COUNT),
        "accuracy.seconds": Quantity(seconds, "s", Kind.MEASURED),
    }


def _rows(convergence: Convergence) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for q in convergence.quantities.values():
        found = q.estimate
        values = {f"value_{k}": value for k, value in enumerate(q.values, 1)}
        rows.append(
            {
                "quantity": q.name,
                "unit": q.unit,
                **values,
                "order": found.order,
                "slope": found.slope,
                "extrapolated": found.extrapolated,
                "error": found.error,
                "relative_error": q.relative_error,
                "behaviour": found.behaviour,
                "passed": q.passed,
                "verdict": q.verdict,
            }
        )
    return rows
