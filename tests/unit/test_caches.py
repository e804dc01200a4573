"""Where caches may lie: libraries are loaded from there."""

import os
import stat
from pathlib import Path

import pytest

from zinterphase.caches import cache_folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home and working folder, no cache variables."""
    for name in ("ZINTERPHASE_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "home"


def test_variables_choose_the_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_folder("forms") == home / ".cache/zinterphase/forms"
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "shared"))
    assert cache_folder("forms") == home / "shared/zinterphase/forms"
    monkeypatch.setenv("ZINTERPHASE_CACHE", str(home / "own"))
    assert cache_folder("forms") == home / "own/forms"
    for folder in (home / ".cache/zinterphase", home / "shared/zinterphase", home / "own"):
        assert stat.S_IMODE((folder / "forms").stat().st_mode) == 0o700


@pytest.mark.parametrize("value", ["", ".", "cache", "../cache"])
@pytest.mark.parametrize("name", ["XDG_CACHE_HOME", "ZINTERPHASE_CACHE"])
def test_the_working_folder_is_never_the_cache(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert cache_folder("forms") == home / ".cache/zinterphase/forms"
    monkeypatch.setenv("HOME", value)
    assert not cache_folder("forms").is_relative_to(home.parent / "work")
    assert list(Path.cwd().iterdir()) == []


def test_folder_open_to_readers_is_closed(home: Path) -> None:
    folder = home / ".cache/zinterphase/forms"
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    assert cache_folder("forms") == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("way", ["writable", "link", "file", "another's", "nowhere"])
def test_what_others_may_have_filled_is_passed_over(
    home: Path, monkeypatch: pytest.MonkeyPatch, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = home / "forms"
    home.mkdir()
    monkeypatch.setenv("ZINTERPHASE_CACHE", str(home))
    if way == "writable":
        folder.mkdir()
        folder.chmod(0o770)
    elif way == "link":
        (home / "target").mkdir(mode=0o700)
        folder.symlink_to(home / "target")
    elif way == "file":
        folder.touch()
    elif way == "another's":
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    else:
        monkeypatch.setenv("ZINTERPHASE_CACHE", "/dev/null")
    found = cache_folder("forms")
    assert not found.is_relative_to(home)
    assert found == cache_folder("forms")
    assert stat.S_IMODE(found.stat().st_mode) == 0o700
    assert "not the user's alone" in caplog.text
