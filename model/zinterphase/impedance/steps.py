"""Spectra at steps of a protocol, in the folder of their run."""

from collections.abc import Callable

from zinterphase.case.protocol import Visit
from zinterphase.impedance.circuit import fitted
from zinterphase.impedance.files import spectrum_rows
from zinterphase.impedance.frequencies import default_range
from zinterphase.impedance.numbers import impedance_quantities
from zinterphase.impedance.prepared import Prepared
from zinterphase.impedance.spectrum import spectrum
from zinterphase.observe.quantity import Quantity
from zinterphase.output.files import write_rows
from zinterphase.output.runfolder import RunFolder
from zinterphase.output.spectra import Measure
from zinterphase.parallel import on_root
from zinterphase.solve.problem import Problem


def step_spectra(folder: RunFolder, checkpoint: Callable[[], None]) -> Measure:
    """What measures a march's spectra into ``folder``, a file each; collective.

    ``checkpoint`` is called behind every frequency, and may raise.
    """

    def measure(problem: Problem, visit: Visit, name: str) -> dict[str, Quantity]:
        case, step = problem.case, visit.step
        assert problem.storage is not None
        given = step.lowest is not None and step.highest is not None
        low, high = (step.lowest, step.highest) if given else default_range(case)
        assert low is not None
        assert high is not None
        found = spectrum(
            Prepared(problem, problem.storage),
            low,
            high,
            given=given,
            told=lambda frequency, impedance: checkpoint(),
        )

        def write() -> dict[str, Quantity]:
            write_rows(folder.claim(name), spectrum_rows(found))
            circuit = fitted(found.frequency, found.impedance)
            return impedance_quantities(case, found, circuit, None)

        return on_root(problem.domain.comm, write)

    return measure
