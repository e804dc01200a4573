"""The documentation site builds without a warning, is whole, and loads nothing from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from typer.main import get_command

from zinterphase.case.key_paths import all_keys
from zinterphase.cli.commands import app
from zinterphase.materials.library import library

ROOT = Path(__file__).parents[2]
QUIET = os.environ | {"NO_MKDOCS_2_WARNING": "1"}  # the theme's advertisement of its successor


def build(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", folder, *words],
        cwd=ROOT, capture_output=True, text=True, timeout=200, env=QUIET, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = build(folder)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


class Page(HTMLParser):
    """What a page loads, where it leads, and its places."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.places = {""}
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.places |= {known[name] for name in ("id", "name") if name in known}
        if tag == "a" and "href" in known:
            self.leads.append(known["href"])
        elif tag in ("script", "img", "iframe") and "src" in known:
            self.loads.append(known["src"])
        elif tag == "link" and known.get("rel") in ("stylesheet", "icon", "preload"):
            self.loads.append(known["href"])


def test_every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = {file: Page(file) for file in site.rglob("*.html") if file.name != "404.html"}
    assert len(pages) > 25
    for file, page in pages.items():
        assert not [link for link in page.loads if urlsplit(link).netloc]
        for link in [*page.loads, *page.leads]:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), f"{file.name}: {link}"
            if target in pages and parts.fragment:
                assert unquote(parts.fragment) in pages[target].places, f"{file.name}: {link}"


def named(file: Path) -> set[str]:
    text = file.read_text(encoding="utf-8")
    return set(re.findall(r"<td><code>([^<]*)</code></td>", text))


def test_the_reference_has_every_command_key_and_value(site: Path) -> None:
    headings = re.findall(r'<h2 id="([^"]*)"', (site / "commands.html").read_text("utf-8"))
    top = get_command(app)
    names = {f"zinterphase-{name}" for name in top.commands if name != "study"}  # type: ignore[attr-defined]
    assert names | {"zinterphase-study-mechanisms"} <= set(headings)
    assert named(site / "keys.html") == {key.dotted for key in all_keys()}
    assert named(site / "materials.html") == set(library())


def test_a_broken_link_is_an_error(tmp_path: Path) -> None:
    docs, config = tmp_path / "docs", tmp_path / "mkdocs.yml"
    docs.mkdir()
    (docs / "extra.md").write_text("# Extra\n\n[nothing](nowhere.md)\n", encoding="utf-8")
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[0]
    text = text.replace("scripts/site_pages.py", str(ROOT / "scripts/site_pages.py"))
    config.write_text(text, encoding="utf-8")
    done = build(tmp_path / "site", "-f", str(config))
    assert done.returncode != 0
    assert "nowhere.md" in done.stderr
