"""How much of the ions that no boundary exchanges a closed cell holds."""

import ufl

from zinterphase.case.levels import LEVELS
from zinterphase.cell.characteristic import composition
from zinterphase.forms import compiled_form, value
from zinterphase.scales import FARADAY
from zinterphase.solve.model import Model


class Filling:
    """Amounts of the enclosed ions of a closed cell; none against a reservoir.

    ``counter.filling`` of the case says whether charged pores were in Donnan equilibrium with the
    bulk or filled with liquid of its composition. Double layers at electrodes and faces hold
    nothing of their own at the start: they take their ions from the rest. Solids that are there at
    the beginning, and micro pores in equilibrium with the bulk, hold theirs beside the liquid.
    """

    def __init__(self, model: Model) -> None:
        """Measure the pores of a model whose liquid is still that of the bulk; collective."""
        case, reactant = model.case, model.cell.main_ion
        self._comm = model.domain.comm  # not the model: it holds this
        self._ions = composition(case, model.bulk, reactant)
        self._bulk = model.bulk
        self._order = [reactant, *(name for name in model.bulk.charges if name != reactant)]
        self._enclosed = tuple(model.level_shifts)
        charged = LEVELS[case.level].concentrations and case.counter.filling == "equilibrium"
        media = {x.name: x.medium for x in case.layers if x.name in model.stack.liquid}
        layers = media if self._enclosed else {}
        self._charges = [media[name].fixed_charge if charged else 0.0 for name in layers]
        measures, porosity = model.measures, model.media.liquid.porosity
        self._pores = [
            compiled_form(measures.over_layers(porosity, (name,)), measures.entity_maps)
            for name in layers
        ]
        self._beside = {name: self._held_beside(model, name) for name in self._enclosed}
        self.follow_mesh()

    @staticmethod
    def _held_beside(model: Model, ion: str) -> float:
        held = ((n, model.held_beside(name)) for name, n in model.bulk.holding(ion).items())
        return sum(n * model.integrate(form) for n, form in held if form is not None)

    def follow_mesh(self) -> None:
        """Measure the pores where the mesh's nodes are; compiles nothing, collective."""
        self._volumes = [value(self._comm, pores) for pores in self._pores]

    def amounts(self, load: float) -> dict[str, float]:
        """Of each enclosed ion [mol], at a fraction of the fixed charge."""
        held = [
            self._bulk.amounts(dict(zip(self._order, found, strict=True)))
            for found in (self._ions.filling(load * charge) for charge in self._charges)
        ]
        return {
            name: self._beside[name]
            + sum(c[name] * volume for c, volume in zip(held, self._volumes, strict=True))
            for name in self._enclosed
        }


def inventory(model: Model, ion: str, *, in_time: bool) -> ufl.Form:
    """The amount of an enclosed ion [mol], which is that with which the pores were filled.

    In time without what the double layers that it charges have given: nothing at rest, where metals
    have no potential against the liquid.
    """
    porosity = model.media.liquid.porosity
    found = model.level.amounts(model.unknowns.liquid, model.media.liquid)
    holding = model.bulk.holding(ion).items()
    amount = sum(number * found[species] for species, number in holding)
    form = model.measures.over_layers(amount * porosity, model.stack.liquid)
    for electrode in model.electrodes if in_time else ():
        given = electrode.given(ion, model.level, model.measures)
        if given is not None:
            form = form - (1 / FARADAY) * given
    for species, number in holding:
        held = model.held_beside(species)
        form = form if held is None else form + number * held
    return form
