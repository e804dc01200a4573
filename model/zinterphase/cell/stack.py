"""Which layers are liquid, which conduct electrons, and where they meet."""

from collections.abc import Sequence
from dataclasses import dataclass

from zinterphase.case import Case, Layer
from zinterphase.errors import CaseError


@dataclass(frozen=True)
class Stack:
    """Roles of the layers of a case; all names from the metal upwards.

    ``metal`` is the dense conductor whose surface reacts, ``dense`` the meshed dense conductors,
    ``liquid`` all layers with electrolyte, ``solid`` all layers whose electronic potential is
    solved, ``porous`` the conductors among ``liquid``, ``particles`` those among it whose resolved
    particles belong to the metal, ``insulating_particles`` those whose particles do not.
    """

    metal: str
    dense: tuple[str, ...]
    liquid: tuple[str, ...]
    porous: tuple[str, ...]
    particles: tuple[str, ...] = ()
    insulating_particles: tuple[str, ...] = ()

    @property
    def solid(self) -> tuple[str, ...]:
        """Layers whose electronic potential is an unknown."""
        return self.dense + self.porous

    @property
    def meshed(self) -> tuple[str, ...]:
        """Layers that carry cells."""
        return self.dense + self.liquid

    def layers_below(self, upper: str) -> tuple[str, ...]:
        """Liquid layers under ``upper``."""
        return self.liquid[: self.liquid.index(upper)]


def stack_of(case: Case) -> Stack:
    """Sort the layers by role; raises :class:`CaseError` where currents have no path."""
    layers = case.layers
    dense = [layer for layer in layers if layer.medium.kind == "dense_conductor"]
    if not dense or list(layers[: len(dense)]) != dense:
        name = dense[0].name if dense else layers[0].name
        raise CaseError(
            f"layers.{name}", "its place", "dense metals form the lower end of the stack"
        )
    liquid = layers[len(dense) :]
    porous = [layer for layer in liquid if layer.medium.kind == "porous_conductor"]
    packed = [layer for layer in liquid if layer.packing is not None]
    _require_contact(liquid, porous)
    return Stack(
        metal=dense[-1].name,
        dense=tuple(layer.name for layer in _resolved(dense)),
        liquid=tuple(layer.name for layer in liquid),
        porous=tuple(layer.name for layer in porous),
        particles=tuple(x.name for x in packed if x.conducting),
        insulating_particles=tuple(x.name for x in packed if not x.conducting),
    )


def _resolved(dense: Sequence[Layer]) -> Sequence[Layer]:
    """A dense metal is meshed from the lowest one whose potential is asked for upwards."""
    for k, layer in enumerate(dense):
        if layer.potential == "resolved":
            return dense[k:]
    return ()


def _require_contact(liquid: Sequence[Layer], porous: Sequence[Layer]) -> None:
    """Porous conductors must touch the metal, directly or through each other."""
    if list(liquid[: len(porous)]) != list(porous):
        floating = next(b for a, b in zip(liquid, porous, strict=False) if a is not b)
        allowed = "a conducting layer must touch the metal (its potential floats otherwise)"
        raise CaseError(f"layers.{floating.name}", "its place", allowed)
