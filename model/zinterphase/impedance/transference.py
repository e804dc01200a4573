"""The transference number of Bruce, Vincent and Evans beside the true one."""

from zinterphase.case import Case
from zinterphase.cell.electrodes import cell_of
from zinterphase.impedance.spectrum import Spectrum
from zinterphase.impedance.split import DIFFUSION, FILM, LIQUID
from zinterphase.impedance.warburg import binary_salt

STEADY = 0.05
"""Imaginary part of diffusion over its modulus at which a current is as good as steady."""


def transference_numbers(case: Case, found: Spectrum) -> tuple[float, float] | None:
    """That of a small voltage between two electrodes, and the cation's; None for other cells, and
    where the lowest frequency is too high for a steady current.

    From the current at once I0 = U/(R_e + R_i), the steady one Is = U/(R_e + R_i + R_d) and the
    interfaces' R_i: Is (U - I0 R_i)/(I0 (U - Is R_i)) = R_e/(R_e + R_d), with the resistances of
    the liquid R_e and of diffusion R_d (Bruce, Evans & Vincent, 1987). Of ideal ions that is the
    transference number. In general it is 1/(1 + Ne) with Ne = R_d/R_e, in which (1 - t+)^2 stands
    with conductivity, diffusivity and the slope of the activity (Balsara & Newman, 2015).
    """
    salt = binary_salt(case)
    if salt is None or cell_of(case).counter is None or case.control.current_density != 0.0:
        return None
    ohmic = sum(found.parts[name][0].real for name in (LIQUID, FILM) if name in found.parts)
    diffusion = found.parts[DIFFUSION][0]
    if abs(diffusion.imag) > STEADY * abs(diffusion):
        return None
    return float(ohmic / (ohmic + diffusion.real)), 1 - salt.blocked
