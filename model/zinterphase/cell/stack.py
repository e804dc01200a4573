"""Which layers are liquid, which conduct electrons, and where they meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from zinterphase.case import Case, Layer
from zinterphase.errors import CaseError


@dataclass(frozen=True)
class Stack:
    """Roles of the layers of a case; all names from the metal upwards.

    ``metal`` is the dense conductor whose surface reacts, ``dense`` the meshed dense conductors,
    ``liquid`` all layers with electrolyte, ``solid`` all layers whose electronic potential is
    solved, ``porous`` the conductors among ``liquid`` that touch the metal, ``opposite`` those of
    the counter electrode, which the stack ends with, ``particles`` the layers among ``liquid``
    whose resolved particles belong to the metal, ``insulating_particles`` those whose do not;
    ``insides`` are the cells in particles whose field is solved, ``grains`` those in particles
    whose electronic potential is, as the mesh calls them.
    """

    metal: str
    dense: tuple[str, ...]
    liquid: tuple[str, ...]
    porous: tuple[str, ...]
    opposite: tuple[str, ...] = ()
    particles: tuple[str, ...] = ()
    insulating_particles: tuple[str, ...] = ()
    insides: tuple[str, ...] = ()
    grains: tuple[str, ...] = ()

    @property
    def solid(self) -> tuple[str, ...]:
        """Layers whose electronic potential is an unknown."""
        return self.dense + self.porous + self.opposite + self.grains

    @property
    def electrostatic(self) -> tuple[str, ...]:
        """What the liquid's potential is solved in: the liquid and dielectric particles."""
        return self.liquid + self.insides

    @property
    def meshed(self) -> tuple[str, ...]:
        """Layers, and particles of layers, that carry cells."""
        return self.dense + self.liquid + self.insides + self.grains

    def layers_below(self, upper: str) -> tuple[str, ...]:
        """Liquid layers under ``upper``."""
        return self.liquid[: self.liquid.index(upper)]


def stack_of(case: Case) -> Stack:
    """Sort the layers by role; raises :class:`CaseError` where currents have no path."""
    dense = case.layers[: case.dense_count]
    liquid = [layer for layer in case.layers if layer.medium.kind != "dense_conductor"]
    if not dense or list(case.layers[len(dense) : len(dense) + len(liquid)]) != liquid:
        others = [x for x in case.layers[len(dense) :] if x not in liquid]
        name = others[0].name if others else case.layers[0].name
        allowed = "dense metals form the lower end of the stack, a collector its upper end"
        raise CaseError(f"layers.{name}", "its place", allowed)
    porous = list(takewhile(_is_porous_conductor, liquid))
    opposite = list(case.opposite_layers)
    packed = [layer for layer in liquid if layer.packing is not None]
    _require_contact(liquid, porous + opposite)
    _require_counter(case)
    return Stack(
        metal=dense[-1].name,
        dense=tuple(layer.name for layer in _resolved(dense)),
        liquid=tuple(layer.name for layer in liquid),
        porous=tuple(layer.name for layer in porous),
        opposite=tuple(layer.name for layer in opposite),
        particles=tuple(x.name for x in packed if x.conducting),
        insulating_particles=tuple(x.name for x in packed if not x.conducting),
        insides=tuple(k for k, x in case.particles.items() if x.kind == "dense_insulator"),
        grains=tuple(k for k, x in case.particles.items() if x.kind == "dense_conductor"),
    )


def _is_porous_conductor(layer: Layer) -> bool:
    return layer.medium.kind == "porous_conductor"


def _resolved(dense: Sequence[Layer]) -> Sequence[Layer]:
    """A dense metal is meshed from the lowest one whose potential is asked for upwards."""
    for k, layer in enumerate(dense):
        if layer.potential == "resolved":
            return dense[k:]
    return ()


def _require_contact(liquid: Sequence[Layer], touching: Sequence[Layer]) -> None:
    """Porous conductors must touch the metal or the far side, directly or through each other."""
    floating = [x for x in liquid if _is_porous_conductor(x) and x not in touching]
    if floating:
        allowed = "a conducting layer must touch the metal (its potential floats otherwise)"
        raise CaseError(f"layers.{floating[0].name}", "its place", allowed)


def _require_counter(case: Case) -> None:
    """Conductors at the far side, and a collector upon them, are the counter electrode."""
    far = case.opposite_layers
    if not far:
        return
    where = f"layers.{far[0].name}"
    if case.counter.type != "electrode" or case.counter.like is not None:
        allowed = 'below the liquid, or the counter electrode: counter.type = "electrode" alone'
        raise CaseError(where, "its place", allowed)
    reacting = [layer.name for layer in far if layer.name in case.kinetics]
    if not reacting or not case.kinetics[reacting[0]].reactions:
        allowed = "reactions in a porous conductor below it: kinetics.LAYER.reactions"
        raise CaseError(where, "a counter electrode without", allowed)
