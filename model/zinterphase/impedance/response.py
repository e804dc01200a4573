"""The impedance of a problem about its present state."""

from dataclasses import dataclass

import numpy as np

from zinterphase.impedance.arrays import Complex
from zinterphase.impedance.linearised import SmallSignal
from zinterphase.impedance.realblock import RealBlockSolver

SETTLED = 1e-8
"""Change of the current by a correction, relative, behind which there is no other: each one leaves
far less than it took away."""
SWEEPS = 5


@dataclass(frozen=True, eq=False)
class Answer:
    """At one frequency [Hz]: ``impedance`` [ohm m2], and what ``current`` [A] and ``fields``
    (owned) do per RT/F of the working electrode's potential."""

    frequency: float
    impedance: complex
    current: complex
    fields: Complex


class Response:
    """Z = dV/dI per projected area with exp(i w t), V working minus counter (or reservoir), I into
    the working electrode from outside, anodic positive: of a passive cell the real part is
    positive. Everything collective.
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
        signal, column = self.signal, self.signal.driven(omega)
        fields, current = np.zeros_like(column), signal.current(omega, np.zeros_like(column), 1.0)
        for sweep in range(SWEEPS):
            rest = -column if sweep == 0 else self.solver.residual(-column, fields)
            more = self.solver.solve(omega, rest)
            fields = fields + more
            change = signal.current(omega, more, 0.0)
            current += change
            if abs(change) <= SETTLED * abs(current):
                break
        impedance = self._voltage * self._area / current + self.series
        return Answer(frequency, impedance, current, fields)

    def close(self) -> None:
        """Free factors and matrices; collective."""
        self.solver.close()
        self.signal.close()
