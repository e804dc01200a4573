"""Is the liquid at an electrode one that can exist?"""

from dataclasses import replace

from zinterphase.cell.advice import Regime
from zinterphase.cell.finding import Finding
from zinterphase.errors import SolveError
from zinterphase.materials.electrolyte import ANION, CATION, WATER_DENSITY, saturation
from zinterphase.observe.surface import SurfaceMap
from zinterphase.solve.problem import Problem

WATER = WATER_DENSITY / 18.015e-3
"""mol/m3 of pure water: no ion is denser than its solvent."""


def judged(regime: Regime, problem: Problem, surface: SurfaceMap, mean: float) -> Regime:
    """``regime`` with what the solution itself says of its validity.

    ``surface`` is the whole map of the working electrode, ``mean`` its mean current density [A/m2].
    Raises :class:`SolveError` for a liquid beyond saturation unless the case accepts it; a double
    layer, resolved at level `pnp`, may hold more than its liquid and is warned of.
    """
    name = problem.cell.main_ion
    highest, allowed = _highest(regime, problem, surface, mean), _allowed(problem, name)
    if highest <= allowed:
        return regime
    text = (
        f"{name} reaches {highest / 1000:.3g} mol/L at the metal, more than "
        f"{'saturated' if allowed < WATER else 'pure'} "
        f"{'zinc sulphate' if allowed < WATER else 'water'} holds, {allowed / 1000:.3g} mol/L: "
        f"level {problem.case.level} does not hold there"
    )
    resolved = problem.level.has_double_layer
    finding = Finding("warning" if resolved else "refusal", "level", text)
    if not resolved and not problem.case.accept_invalid:
        raise SolveError(f"{text}; accept_invalid = true shows the solution all the same")
    return replace(regime, findings=(*regime.findings, finding))


def _allowed(problem: Problem, name: str) -> float:
    """Saturation of the only salt the library knows, else the concentration of the solvent."""
    ions = [s.name.replace(" ", "") for s in problem.bulk.species]
    return saturation() if name == CATION and ANION in ions else WATER


def _highest(regime: Regime, problem: Problem, surface: SurfaceMap, mean: float) -> float:
    """Largest concentration [mol/m3] of the reactant at the working electrode.

    Without concentrations among the unknowns that of a binary salt, linear between the electrode
    and the far side.
    """
    if problem.level.concentrations(problem.unknowns.liquid, problem.media.liquid):
        key = "neutral_concentration"
        values = surface.values.get(key, surface.values["concentration"])
        return float(values.max())
    bulk = problem.bulk.ion(problem.cell.main_ion).concentration
    share = mean / regime.limiting_current
    return bulk * (1.0 + share) if share > 0.0 else bulk
