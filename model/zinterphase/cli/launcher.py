"""The launcher that started this process, and whether the MPI library understands it.

A library that does not know its launcher ends the program with an internal message, or makes each
process a world of its own: several runs of one case that write to the same files.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

COUNTS = {
    "OMPI_COMM_WORLD_SIZE": "Open MPI's mpirun",
    "MV2_COMM_WORLD_SIZE": "MVAPICH's mpirun",
    "PMI_SIZE": "the mpirun of MPICH or Intel MPI",
    "SLURM_STEP_NUM_TASKS": "srun",
}
"""Variables with the number of processes, and who sets them."""
RANKS = ("OMPI_COMM_WORLD_RANK", "MV2_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID")
FOREIGN_TO_MPICH = ("OMPI_COMM_WORLD_SIZE", "PMIX_NAMESPACE")
INTERACTIVE = "SLURM_PTY_PORT"
"""Set where srun started a shell: what is called in it is alone."""


def unfit(variables: Mapping[str, str], library: str) -> str | None:
    """Why the MPI library with this description cannot start under the launcher, if it cannot."""
    mpich_alone = library.startswith("MPICH") and "pmix" not in library.lower()
    if mpich_alone and any(name in variables for name in FOREIGN_TO_MPICH):
        who, _ = started(variables) or ("a launcher that speaks PMIx", 0)
        return f"{who} cannot start the ranks of this environment's MPICH: {advice(library)}"
    return None


def alone(variables: Mapping[str, str], library: str) -> str | None:
    """Why a world of one process is wrong, if the launcher started several."""
    found = started(variables)
    if found is None or found[1] < 2:
        return None
    who, count = found
    name = " ".join(library.splitlines()[0].partition(",")[0].replace(" Version:", "").split())
    return (
        f"{who} started {count} processes, but to this environment's MPI library ({name}) each is "
        f"alone: {advice(library)}"
    )


def started(variables: Mapping[str, str]) -> tuple[str, int] | None:
    """Who started how many processes; None where no launcher has left its mark."""
    for name, who in COUNTS.items():
        text = variables.get(name, "")
        if text.isdecimal() and not (who == "srun" and INTERACTIVE in variables):
            return who, int(text)
    return None


def first(variables: Mapping[str, str]) -> bool:
    """Whether this is the launcher's process 0, which speaks for the others."""
    return next((variables[name] for name in RANKS if name in variables), "0") == "0"


def advice(library: str) -> str:
    """What to do: start with the launcher of the environment."""
    own = Path(sys.executable).with_name("mpirun")
    command = str(own) if os.access(own, os.X_OK) else "the mpirun of that library"
    slurm = ", or srun --mpi=pmi2" if library.startswith("MPICH") else ""
    return f"use {command}{slurm}"
