"""`report` and `watch`, as a user calls them on folders of runs and studies."""

from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from zinterphase.case import Case
from zinterphase.report.content import RunContent, content_of
from zinterphase.report.layers import HEIGHT, stacks
from zinterphase.report.page import LARGEST, page
from zinterphase.report.pictures import picture

from ..output.program import call

ROOT = Path(__file__).parents[2]
SMALL = (
    "level=secondary", "geometry.width=10 um", "mesh.far_size=20 um", "output.fields=none",
)  # fmt: skip
HOSTILE = "<script>alert(1)</script>"


def settings(*texts: str) -> list[str]:
    return [word for text in texts for word in ("--set", text)]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of a steady run with a hostile title, and of one in time."""
    folder = tmp_path_factory.mktemp("runs")
    steady = settings(*SMALL, f"title={HOSTILE}")
    done = call("run", "cases/dual_layer.toml", "-o", folder / "steady", *steady)
    assert done.returncode == 0, done.stderr
    words = settings("time.rtol=1e-2", "protocol.cycling.repeat=1")
    done = call("run", "cases/symmetric_cell.toml", "-o", folder / "time", *words)
    assert done.returncode == 0, done.stderr
    return folder


class Page(HTMLParser):
    """What a page refers to, its identifiers and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "action", "data"):
                self.addresses.append(value or "")
            if name == "id":
                self.ids.append(value or "")

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_page_of_one_run_has_every_section_and_needs_nothing_else(runs: Path) -> None:
    done = call("report", runs / "steady")
    assert done.returncode == 0, done.stderr
    text = (runs / "steady/report.html").read_text(encoding="utf-8")
    assert len(text.encode()) < LARGEST
    found = Page(text)
    assert {"question", "answer", "layers", "balances", "errors", "validity", "provenance",
            "repeat"} <= set(found.ids)  # fmt: skip
    assert all(a.startswith(("#", "data:image/png;base64,")) for a in found.addresses)
    assert {a[1:] for a in found.addresses if a.startswith("#")} <= set(found.ids)
    assert "default-src 'none'" in text
    assert "script" not in found.tags
    assert HOSTILE in found.words
    for part in (
        "How evenly does Ag under TiO2 in 2 mol/L ZnSO4 take its current, at -1 mA/cm²",
        "titania (TiO2), 1 µm", "tio2.porosity", "zinterphase run cases/dual_layer.toml", "±",
        "electrolyte",
    ):  # fmt: skip
        assert part in found.words


def test_runs_stand_side_by_side_with_their_numbers(runs: Path, tmp_path: Path) -> None:
    done = call("report", runs / "steady", runs / "time", "-o", tmp_path / "both.html")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "both.html").read_text(encoding="utf-8")
    found = Page(text)
    assert "repeat(2, minmax(0, 1fr))" in text
    assert "voltage hysteresis of the last cycle" in found.words
    assert "plate at 1 mA/cm^2 until charge >= 1 mAh/cm^2" in found.words
    assert "Voltage and cycles" in found.words


def test_a_study_is_shown_with_its_figures_and_tables(tmp_path: Path) -> None:
    Image.new("RGB", (40, 20)).save(tmp_path / "sweep.png")
    (tmp_path / "sweep.csv").write_text("a,b\n1,0.123456789\n", encoding="utf-8")
    found = Page(page([content_of(tmp_path)]))
    assert "0.12346" in found.words
    assert found.tags.count("img") == 1


def test_a_run_whose_case_no_longer_loads_is_shown_without_it(runs: Path, tmp_path: Path) -> None:
    shutil.copytree(runs / "steady", tmp_path / "run")
    path = tmp_path / "run/case.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("TiO2", "TiO9"), encoding="utf-8")
    found = Page(page([content_of(tmp_path / "run")]))
    assert "The case no longer loads" in found.words
    assert "CV of the current per metal area" in found.words


@pytest.mark.parametrize("name", ["absent", "empty"])
def test_a_folder_without_anything_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = call("report", tmp_path / name)
    assert done.returncode != 0
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / name / "report.html").exists()


def test_a_large_picture_is_made_to_fit(tmp_path: Path) -> None:
    noise = Image.effect_noise((1500, 1000), 90.0).convert("RGB")
    noise.save(tmp_path / "noise.png")
    assert (tmp_path / "noise.png").stat().st_size > 1_000_000
    assert len(picture(tmp_path / "noise.png", 300_000).address) < 300_000 * 4 / 3 + 100


def test_layers_are_to_scale_and_thin_ones_once_more() -> None:
    whole, thin = stacks(Case.load(ROOT / "cases/dual_layer.toml"))
    heights = {bar.label.split()[0]: bar.height for bar in whole.bars}
    assert heights["electrolyte,"] == pytest.approx(HEIGHT * 50 / 101.2)
    assert heights["titania"] == pytest.approx(HEIGHT / 101.2)
    assert [bar.label.split()[0] for bar in thin.bars] == ["titania", "silver"]
    assert sum(bar.height for bar in thin.bars) == pytest.approx(HEIGHT)
    assert all(a.text_y + 15 < b.text_y for a, b in zip(whole.bars, whole.bars[1:], strict=False))


def test_watch_tells_how_far_a_run_is(runs: Path, tmp_path: Path) -> None:
    done = call("watch", runs / "time", "--once")
    assert "finished" in done.stdout
    assert "voltage" in done.stdout
    shutil.copytree(runs / "time", tmp_path / "run")
    run = json.loads((tmp_path / "run/run.json").read_text())
    (tmp_path / "run/run.json").write_text(json.dumps(run | {"state": "unfinished"}))
    history = (tmp_path / "run/history.csv").read_text()
    lines = history.splitlines(keepends=True)
    # a row that is being written at this moment does not count
    (tmp_path / "run/history.csv").write_text("".join(lines[:9]) + lines[9][:12])
    told = call("watch", tmp_path / "run", "--once").stdout
    assert "unfinished, last written" in told
    assert f"{float(lines[8].split(',')[2]):.5g} s" in told
    assert "of at most" in told


def test_watch_counts_the_runs_of_a_study(tmp_path: Path) -> None:
    (tmp_path / "members.jsonl").write_text("{}\n{}\n", encoding="utf-8")
    assert "2 runs done" in call("watch", tmp_path, "--once").stdout
    refused = call("watch", tmp_path / "absent", "--once")
    assert refused.returncode != 0
    assert "no run and no study" in refused.stderr


def test_a_spectrum_is_asked_for_its_parts(tmp_path: Path) -> None:
    ends = ("--from", "10 Hz", "--to", "100 kHz")
    done = call("impedance", "cases/impedance_cell.toml", "-o", tmp_path / "z", *ends)
    assert done.returncode == 0, done.stderr
    found = content_of(tmp_path / "z")
    assert isinstance(found, RunContent)
    assert found.question.startswith(
        "What is the impedance of Zn in 2 mol/L ZnSO4 made of, at 0 mA"
    )
    labels = [answer.label for answer in found.answers]
    assert "resistance at the lowest frequency" in labels
    assert "impedance.png" in page([found])
