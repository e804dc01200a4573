"""How much of the ions that no boundary exchanges a closed cell holds."""

from zinterphase.characteristic import CHARGED_LEVELS, composition
from zinterphase.solve.model import Model


class Filling:
    """Amounts of the enclosed ions of a closed cell; none against a reservoir.

    ``counter.filling`` of the case says whether charged pores were in Donnan equilibrium with the
    bulk or filled with liquid of its composition. Double layers at electrodes and faces hold
    nothing of their own at the start: they take their ions from the rest.
    """

    def __init__(self, model: Model) -> None:
        """Measure the pores; collective."""
        case, porosity = model.case, model.media.liquid.porosity
        reactant = model.surface.law.kinetics.reactant
        self._ions = composition(case, model.bulk, reactant)
        resting = [s.name for s in model.bulk.species if s.name != reactant]
        self._names = [name for name in resting if name in model.level_shifts]
        charged = case.level in CHARGED_LEVELS and case.counter.filling == "equilibrium"
        self._pores = [
            (
                model.integrate(model.measures.over_layers(porosity, (layer.name,))),
                layer.medium.fixed_charge if charged else 0.0,
            )
            for layer in case.layers
            if layer.name in model.stack.liquid and self._names
        ]

    def amounts(self, load: float) -> dict[str, float]:
        """Of each enclosed ion [mol], at a fraction of the fixed charge."""
        return {name: self._amount(k, load) for k, name in enumerate(self._names)}

    def _amount(self, place: int, load: float) -> float:
        return sum(self._ions.beside(load * charge)[place] * pores for pores, charge in self._pores)
