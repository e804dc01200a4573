"""How forms are compiled for the processor at hand, and what tells one machine's from another's.

Measured on x86-64 (GCC 12): `-O3 -march=native` assembles a tenth faster than `-O2`, and without
debugging symbols forms compile in four fifths of the time. Flags that let the compiler take NaN,
infinity or the order of sums lightly are no choice: what is not finite has to be seen. In ISO mode
products and sums are not fused either, so that processors agree.
"""

import hashlib
import os
import platform
import shutil
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mpi4py import MPI

COMMON = ("-O3", "-g0")
NATIVE = ("-march=native",)
"""Only where all ranks have the same processor: each loads what one of them has compiled."""
PORTABLE = "ZINTERPHASE_PORTABLE"
KNOWN = ("x86_64", "aarch64")
"""Machines whose compilers take it."""
_INFORMATION = Path("/proc/cpuinfo")
_FEATURES = ("flags", "Features")


@dataclass(frozen=True)
class Compiler:
    """Flags of the C compiler, and the ``key`` of the machines that may share what it makes."""

    flags: tuple[str, ...]
    key: str


def compiler_of(comm: MPI.Intracomm) -> Compiler:
    """For the processors of all ranks; collective.

    Code that every processor of the kind can run is made and loaded where ranks have unlike ones,
    where a node has no compiler, so that another one has to make it, and where that one is asked to
    by $ZINTERPHASE_PORTABLE.
    """
    own = (features(), compiler_found(), bool(os.environ.get(PORTABLE)))
    every = {own} if comm.size == 1 else set(comm.allgather(own))
    processor, program, portable = every.pop()
    known = processor and program and platform.machine() in KNOWN
    if every or portable or not known:
        return _compiler(COMMON, platform.machine())
    return _compiler((*COMMON, *NATIVE), platform.machine(), processor, program)


def _compiler(flags: tuple[str, ...], *machine: str) -> Compiler:
    text = "\n".join((*flags, *machine))
    return Compiler(flags, hashlib.sha256(text.encode()).hexdigest()[:16])


@cache
def features() -> str:
    """What this process's processor can do; empty where the system does not say."""
    try:
        lines = _INFORMATION.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    rows = (line.partition(":") for line in lines)
    found = {" ".join(sorted(value.split())) for key, _, value in rows if key.strip() in _FEATURES}
    return "\n".join(sorted(found))


def compiler_found() -> str:
    """The program that compiles, and which edition of it; empty where there is none."""
    command = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    program = shutil.which(command.split()[0])
    if program is None:
        return ""
    status = Path(program).resolve().stat()
    return f"{Path(program).resolve()} {status.st_size} {status.st_mtime_ns}"
