"""All experiments by name."""

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
    rest,
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


def chosen(name: str) -> tuple[Experiment, ...]:
    """One experiment, or all of them. Raises :class:`CaseError`."""
    if name == EVERY:
        return tuple(EXPERIMENTS.values())
    if name not in EXPERIMENTS:
        raise CaseError("experiment", name, f"{EVERY}, {', '.join(EXPERIMENTS)}")
    return (EXPERIMENTS[name],)
