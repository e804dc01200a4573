"""Where meshes and compiled forms are kept; libraries are loaded from there: ours alone."""

import atexit
import logging
import os
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path

_LOG = logging.getLogger(__name__)


def cache_folder(part: str) -> Path:
    """The folder for ``part``, made if need be, which nobody but the user can read or write.

    It lies in $ZINTERPHASE_CACHE, else in zinterphase/ of $XDG_CACHE_HOME or ~/.cache; variables
    that are empty or relative are passed over. Where it is not the user's own, others may write
    to it or it cannot be written, a temporary one stands in that goes with the process.
    Not collective: ranks that share a cache ask one of them.
    """
    root = _root()
    if root is not None:
        folder = root / part
        if _is_ours(folder):
            return folder
        _warn_once(folder)
    return _temporary(part)


def _root() -> Path | None:
    own = Path(os.environ.get("ZINTERPHASE_CACHE", ""))
    if own.is_absolute():
        return own
    shared = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not shared.is_absolute():
        shared = Path.home() / ".cache"
    return shared / "zinterphase" if shared.is_absolute() else None


def _is_ours(folder: Path) -> bool:
    """Make the folder; whether it is the user's own, of mode 0700 and writable."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            return False
        if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return False  # what lies there may be another's
        if stat.S_IMODE(status.st_mode) != stat.S_IRWXU:
            folder.chmod(stat.S_IRWXU)
        return os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    except OSError:
        return False


@cache
def _warn_once(folder: Path) -> None:
    text = "cache %s is not the user's alone or not writable: a temporary one is used"
    _LOG.warning(text, folder)


@cache
def _temporary(part: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"zinterphase-{part}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
