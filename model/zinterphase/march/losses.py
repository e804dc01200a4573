"""Where the charge of a cycle went that its stripping did not give back."""

from dataclasses import dataclass
from math import nan

from zinterphase.march.sample import Sample


@dataclass(frozen=True)
class Losses:
    """Charges [C/m2] of a cycle or a part of it, counted as losses: positive is not given back.

    ``plating``, ``resting`` and ``stripping`` are what reactions beside the metal's own took in
    such steps (hydrogen and oxygen; at rest that is corrosion), ``alloyed`` what hosts took up of
    what was plated, ``isolated`` what lost contact, ``left`` what else remains as deposit,
    ``layer`` what double layers hold more.
    """

    plating: float = nan
    resting: float = nan
    stripping: float = nan
    alloyed: float = nan
    isolated: float = nan
    left: float = nan
    layer: float = nan

    def over(self, charge: float) -> "Losses":
        """As shares of a charge."""
        return Losses(**{name: value / charge for name, value in vars(self).items()})


def losses(begin: Sample, end: Sample, side: tuple[float, float, float]) -> Losses:
    """Between two instants; ``side`` is what other reactions took while plating, at rest and while
    stripping.

    Their sum is the charge plated less the charge stripped, as far as balances close.
    """
    alloyed = end.hosted - begin.hosted
    isolated = end.isolated - begin.isolated
    left = begin.metal_charge - end.metal_charge - alloyed - isolated
    return Losses(*side, alloyed, isolated, left, begin.layer_charge - end.layer_charge)
