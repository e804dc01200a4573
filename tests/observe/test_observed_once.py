"""A solution is reduced once: what is known of it is not computed again for the error estimates."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zinterphase.case import Case
from zinterphase.observe import currents, evaluate
from zinterphase.run import solve

CASE = Path(__file__).parents[2] / "cases/bare.toml"


def test_currents_and_maps_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: Counter[str] = Counter()

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            seen[name] += 1
            return function(*arguments)

        return call

    for room, name in ((currents, "reaction_currents"), (evaluate, "surface_expressions")):
        monkeypatch.setattr(room, name, counted(name, getattr(room, name)))
    closed = ["level=secondary", "counter.type=electrode", "geometry.width=10 um"]
    result = solve(Case.load(CASE, [*closed, "mesh.far_size=20 um"]), errors=True)
    assert result.errors is not None
    assert "cv" in result.errors.goals
    # Two electrodes; the surface of the solution, and of the richer one that tells its errors.
    assert seen == {"reaction_currents": 2, "surface_expressions": 2}
