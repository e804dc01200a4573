"""Cases with a protocol, and what is refused of them."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from zinterphase.case import Case, Step
from zinterphase.errors import CaseError

from .case_samples import CASES

PLATE = "plate at 1 mA/cm^2 for 1 h"
STRIP = "strip at 2 mA/cm^2 for 30 min"


def tables(*blocks: dict[str, Any], **others: Any) -> dict[str, Any]:
    text = (CASES / "symmetric_cell.toml").read_text(encoding="utf-8")
    return tomllib.loads(text) | ({"protocol": list(blocks)} if blocks else {}) | others


def case(*blocks: dict[str, Any], folder: Path | None = None, **others: Any) -> Case:
    return Case.from_dict(tables(*blocks, **others), folder)


def step(written: Any) -> Step:
    (found,) = case({"steps": [written]}).protocol[0].steps
    assert isinstance(found, Step)
    return found


def mistake(*blocks: dict[str, Any], **others: Any) -> str:
    with pytest.raises(CaseError) as caught:
        case(*blocks, **others)
    line = str(caught.value)
    assert "\n" not in line
    assert len(line) <= 280
    return line
