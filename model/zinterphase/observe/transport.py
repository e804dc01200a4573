"""What the liquid's transport does on average: cation share of the current, polarisation."""

from dataclasses import dataclass

from zinterphase.fem_types import Form
from zinterphase.observe.surface import SurfaceMap
from zinterphase.solve.problem import Problem


@dataclass(frozen=True)
class Polarisation:
    """Depletion 1 - c/c_bulk at the reacting surface: area mean and largest.

    c is the plated ion's in the neutral liquid in equilibrium with the surface: under a charged
    film the virtual one.
    """

    mean: float
    largest: float


def transference_numbers(problem: Problem) -> dict[str, float]:
    """Volume mean over each liquid layer of the plated ion's share of the current; collective.

    Empty at levels that solve no concentrations.
    """
    parts = problem.once(_shares).items()
    return {layer: problem.value(share) / problem.value(whole) for layer, (share, whole) in parts}


def _shares(problem: Problem) -> dict[str, tuple[Form, Form]]:
    """Integrals over each layer of the share, and of one."""
    liquid, media, measures = problem.unknowns.liquid, problem.media.liquid, problem.measures
    if not problem.level.concentrations(liquid, media):
        return {}
    share = problem.level.transference_number(liquid, media)
    one = 1 + 0 * share
    return {
        layer: (
            problem.compiled(measures.over_layers(share, (layer,))),
            problem.compiled(measures.over_layers(one, (layer,))),
        )
        for layer in problem.stack.liquid
    }


def polarisation(problem: Problem, surface: SurfaceMap) -> Polarisation | None:
    """Depletion at the reacting surface; None at levels that solve no concentrations, and at
    `pnp`, where those of the surface are the double layer's.

    Not collective: ``surface`` is the whole map.
    """
    if "neutral_concentration" not in surface.values:
        return None
    bulk = problem.bulk.reference(problem.cell.main_ion)
    relative = surface.values["neutral_concentration"] / bulk
    mean = float(surface.weights("area") @ relative)
    return Polarisation(1.0 - mean, 1.0 - float(relative.min()))
