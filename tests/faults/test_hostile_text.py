"""Control characters from files and command lines give a terminal no orders."""

from pathlib import Path

import pytest

from zinterphase.case import Case
from zinterphase.cli.console import make_console
from zinterphase.errors import CaseError
from zinterphase.printable import printable

from .program import CASES, call, one_line

ORDERS = ["\x1b[2J", "\x1b]0;owned\x07", "\x9b31m", "\r", "\x7f", "‮", "\udcff"]


@pytest.mark.parametrize("order", ORDERS, ids=ascii)
def test_orders_become_text(order: str) -> None:
    for text in (printable(order), str(CaseError(f"a{order}", f"b{order}", f"c{order}"))):
        assert text.isprintable(), text
    console = make_console()
    with console.capture() as capture:
        console.print(f"before{order}after")
    assert all(part.isprintable() for part in capture.get().splitlines())
    assert "before" in capture.get()


def test_plain_text_stays() -> None:
    text = "Zn²⁺ flux, 2 M ZnSO₄: 锌 [b] :smile:\n\tµm"
    assert printable(text) == text


@pytest.mark.parametrize(
    "text",
    [
        'title = "a\\u001B[2J"\n',
        '"a\\u001B[2J" = 1\n',
        'title = "two\\nlines"\n',
        'title = "a"\n[layers."\\u001B[2J"]\n',
    ],
)
def test_a_case_holds_no_control_characters(tmp_path: Path, text: str) -> None:
    path = tmp_path / "case.toml"
    path.write_text(text + (CASES / "bare.toml").read_text().partition("\n[")[2])
    with pytest.raises(CaseError) as caught:
        Case.load(path)
    assert "\x1b" not in str(caught.value)


def test_long_keys_are_shortened() -> None:
    assert len(str(CaseError("k" * 10**6, "v" * 10**6, "less"))) < 300


def test_an_undecodable_file_name_is_one_line(tmp_path: Path) -> None:
    done = call(tmp_path, "check", "no\udcff\x1b[2Jsuch.toml")
    assert done.returncode == 2
    assert one_line(done).isprintable()
