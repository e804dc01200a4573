"""Growth of waves of a front over its protocol as a table."""

import numpy as np
from rich.console import Console
from rich.table import Table

from zinterphase.cell.stability import Stability, StepGrowth
from zinterphase.cli.protocol_table import duration
from zinterphase.units import milliampere


def show_stability(console: Console, found: Stability | None) -> None:
    """The wave that grows most in every step, and about what it is linearised; nothing without."""
    if found is None:
        return
    table = Table(
        "step", "times", "current", "R_ct", "conductivity", "grows most", "by e in", "sigma t",
        title="Growth of waves, linear theory",
    )  # fmt: skip
    for number, step in enumerate(found.steps, 1):
        table.add_row(str(number), str(step.planned.times), *_row(step, found))
    console.print(table)


def _row(step: StepGrowth, found: Stability) -> tuple[str, ...]:
    growth = step.fastest
    if growth is None:
        return ("not imposed", *[""] * 5)
    best = int(np.argmax(growth.rate))
    rate, wavelength = growth.rate[best], found.wavelength[best]
    return (
        milliampere(growth.current),
        f"{growth.resistance * 1e4:.4g} ohm cm^2",
        f"{growth.conductivity:.4g} S/m",
        f"{wavelength * 1e6:.4g} um" if rate > 0.0 else "none",
        duration(1.0 / rate) if rate > 0.0 else "",
        "not known" if step.duration is None else f"{step.exponent.max():.3g}",
    )
