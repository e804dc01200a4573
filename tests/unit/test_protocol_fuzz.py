"""Whatever stands in a sentence, it is read or refused in one line, and what is read reads back."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zinterphase.case import Case
from zinterphase.errors import CaseError

from .case_samples import CASES

BASE = tomllib.loads((CASES / "symmetric_cell.toml").read_text(encoding="utf-8"))
WORDS = (
    "plate", "strip", "charge", "discharge", "rest", "hold", "at", "for", "until", "or", "cycles",
    "1 mA/cm^2", "5 min", "0.5 V", "1 mAh/cm^2", "-0.1 V", "C/5", "1e308 V", "9**9 s", "0 um", "3",
    "time", "voltage", "current", "thickness", "CE", "concentration", ">=", "<=", ">", "<", "=",
    "voltage >= 0.5 V", "time >= 1 h", "", " ", "\t", "\x00", "µ", "٣",
)  # fmt: skip
SENTENCES = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=400),
    st.tuples(
        st.sampled_from(("plate at 1 mA/cm^2", "strip at 2 A/m^2", "rest", "hold at -10 mV")),
        st.floats(1e-3, 1e9).map(lambda time: f"for {time!r} s"),
        st.sampled_from(("", "until voltage >= 0.5 V or thickness <= 0 um")),
    ).map(" ".join),
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(sentence=SENTENCES)
@pytest.mark.parametrize("place", ["steps", "stop", "pybamm"])
def test_sentences_are_read_or_refused_in_one_line(place: str, sentence: str) -> None:
    block: dict[str, object] = {"steps": ["rest for 1 h"]} if place == "stop" else {}
    block[place] = sentence if place == "stop" else [sentence]
    try:
        case = Case.from_dict(BASE | {"protocol": [block]})
    except CaseError as error:
        line = str(error)
        assert line.isprintable()
        assert len(line) <= 280
        assert line.startswith("protocol.1.")
    else:
        assert Case.from_dict(tomllib.loads(case.to_toml())) == case
