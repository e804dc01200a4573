"""Direct against field split: the same problem, the same process, one table of ratios.

    OPENBLAS_NUM_THREADS=1 python benchmarks/linear_solvers.py 2 60um 240um
    OPENBLAS_NUM_THREADS=1 python benchmarks/linear_solvers.py 3 10um

Arguments: dimension, widths (they set the number of unknowns). Runs on several ranks under mpirun.
"""

import argparse

from measuring import Measurement, case_of, measure
from mpi4py import MPI


def row(direct: Measurement, split: Measurement) -> str:
    """One line of the table."""
    difference = abs(direct.potential - split.potential)
    linear = direct.linear_seconds / split.linear_seconds
    total = direct.seconds / split.seconds
    return (
        f"{direct.unknowns:9d} {direct.linear_seconds:9.2f} {split.linear_seconds:11.2f} "
        f"{linear:7.2f} {total:7.2f} {direct.newton:4d}/{split.newton:<4d} {split.krylov:7d} "
        f"{difference:10.1e}"
    )


def main() -> None:
    """Print the ratios; times are in seconds of wall clock, potentials in RT/F."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("dimension", type=int, choices=(2, 3))
    parser.add_argument("widths", nargs="+")
    parser.add_argument("--set", nargs="*", default=[], help="overrides of the case, key=value")
    arguments = parser.parse_args()
    root = MPI.COMM_WORLD.rank == 0
    if root:
        print(f"dimension {arguments.dimension}, {MPI.COMM_WORLD.size} ranks; direct/fieldsplit")
        print(" unknowns    direct  fieldsplit  linear   total    newton  krylov difference")
    for width in arguments.widths:
        # The field split goes first: memory peaks are those of the whole process.
        split = measure(case_of(arguments.dimension, width, "fieldsplit", arguments.set))
        direct = measure(case_of(arguments.dimension, width, "direct", arguments.set))
        if root:
            print(row(direct, split), flush=True)


if __name__ == "__main__":
    main()
