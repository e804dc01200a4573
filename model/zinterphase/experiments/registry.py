"""All experiments by name: on one electrode, and on full cells."""

from zinterphase.errors import CaseError
from zinterphase.experiments import (
    chronoamperometry,
    coulombic_efficiency,
    cycle,
    dispersion,
    lsv,
    nucleation,
    polarisation,
    rate,
    rate_capability,
    rest,
    self_discharge,
    tafel,
)
from zinterphase.experiments.experiment import Experiment

EVERY = "all"
EXPERIMENTS: dict[str, Experiment] = {
    each.EXPERIMENT.name: each.EXPERIMENT
    for each in (
        cycle,
        rate,
        polarisation,
        chronoamperometry,
        coulombic_efficiency,
        rest,
        nucleation,
        tafel,
        lsv,
        dispersion,
    )
}
OF_FULL_CELLS: dict[str, Experiment] = {
    each.EXPERIMENT.name: each.EXPERIMENT for each in (rate_capability, self_discharge)
}


def chosen(name: str) -> tuple[Experiment, ...]:
    """One experiment, or all of those on one electrode. Raises :class:`CaseError`."""
    if name == EVERY:
        return tuple(EXPERIMENTS.values())
    known = EXPERIMENTS | OF_FULL_CELLS
    if name not in known:
        raise CaseError("experiment", name, f"{EVERY}, {', '.join(known)}")
    return (known[name],)
