"""The impedance of a problem about its present state."""

from dataclasses import dataclass

import numpy as np

from zinterphase.impedance.linearised import Complex, SmallSignal
from zinterphase.impedance.realblock import RealBlockSolver

SETTLED = 1e-8
"""Change of the current by a correction, relative, behind which there is no other: each one leaves
far less than it took away."""
SWEEPS = 5


@dataclass(frozen=True, eq=False)
class Answer:
    """At one frequency [Hz]: ``impedance`` [ohm m2], and what ``current`` [A] and ``fields`` (owned)
    do per RT/F of the working electrode's potential."""

    frequency: float
    impedance: complex
    current: complex
    fields: Complex


class Response:
    """Z = dV/dI per projected area with exp(i w t), V working minus counter (or reservoir), I into
    the working electrode from outside, anodic positive: the real part of a passive cell is positive.
    Everything collective.
    """

    def __init__(self, signal: SmallSignal) -> None:
        """Of a linearised problem."""
        self.signal, problem = signal, signal.problem
        self.solver = RealBlockSolver(signal)
        self._area, self._voltage = problem.projected_area, problem.bulk.thermal_voltage
        self.series = problem.case.terminal.series_resistance
        """Of what lies outside of the cell [ohm m2]."""

    def at(self, frequency: float) -> Answer:
        """Raises :class:`SolveError`."""
        omega = 2 * np.pi * frequency
        column, row, corner = self.signal.border.at(omega)
        comm = self.signal.system.comm
        fields, current = np.zeros_like(column), corner
        for sweep in range(SWEEPS):
            rest = -column if sweep == 0 else self.solver.residual(-column, fields)
            more = self.solver.solve(omega, rest)
            fields = fields + more
            # One number on all ranks, for what it decides.
            change = comm.bcast(comm.allreduce(complex(row @ more)))
            current += change
            if abs(change) <= SETTLED * abs(current):
                break
        impedance = self._voltage * self._area / current + self.series
        return Answer(frequency, impedance, current, fields)

    def close(self) -> None:
        """Free factors and matrices; collective."""
        self.solver.close()
        self.signal.close()
