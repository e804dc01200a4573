"""Reference values computed without finite elements; each file's ``.md`` gives its origin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def reference(name: str, folder: Path = DATA) -> dict[str, Any]:
    """Parameters, expected scalars and profiles of a reference, as its ``.md`` specifies them."""
    data: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return data


def values(name: str, folder: Path = DATA) -> dict[str, float]:
    """Expected scalars of a reference by key."""
    expected = reference(name, folder)["expected"]
    return {key: float(entry["value"]) for key, entry in expected.items()}
