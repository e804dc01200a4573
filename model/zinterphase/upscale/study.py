"""Cells of one layer's packing over seeds and sizes, and the effective numbers they give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.case.layers import Layer
from zinterphase.errors import CaseError
from zinterphase.materials.library import parameter
from zinterphase.materials.pores import renkin_constrictivity
from zinterphase.observe.statistics import Interval, mean_interval
from zinterphase.physics.mixtures import bruggeman, maxwell
from zinterphase.scales import FARADAY
from zinterphase.upscale.cell import CellNumbers, cell_recipe, solve_cell, wall_charge

SIZES = {2: (6.0, 10.0), 3: (3.0, 4.0)}
"""Widths of cells over the mean diameter, by dimension."""


@dataclass(frozen=True)
class SolvedCell:
    """A cell with its width over the mean diameter and its seed."""

    size: float
    seed: int
    numbers: CellNumbers


@dataclass(frozen=True)
class Upscaled:
    """A layer's effective numbers.

    Attributes
    ----------
    layer : Name of the layer.
    cells : All that were solved.
    size : Width of the largest ones over the mean diameter, whose means are told.
    seeds : How many of these there are.
    numbers : By name: `porosity`, `specific_area` [1/m], `conduction` (effective over free
        conductivity), `tortuosity_factor`, `constrictivity`, where the layer's particles are joined
        by necks `solid_conduction`; where they are charged `surface_charge`, that the pH leaves
        them [C/m2], `smeared_charge`, all of it per volume of liquid [mol/m3], `fixed_charge`, that
        of pores of one potential which hold as few ions of its sign, and `co_ions`, these over
        outside; with intervals over seeds from ten on.
    drift : Change of each from the next smaller size, relative; None of one size.
    references : Conduction by Maxwell, which is Hashin and Shtrikman's upper bound, and Bruggeman.
    lateral : Conduction along the layer over that across it, of a list of particles; else 1.
    electronic_conductivity : Of the layer [S/m]; None where it does not conduct.
    """

    layer: Layer
    cells: tuple[SolvedCell, ...]
    size: float
    seeds: int
    numbers: Mapping[str, Interval]
    drift: Mapping[str, float | None]
    references: Mapping[str, float]
    lateral: float
    electronic_conductivity: float | None


def upscale(
    case: Case,
    layer: Layer,
    comm: MPI.Intracomm,
    seeds: int,
    sizes: Sequence[float],
    note: Callable[[SolvedCell], None] = lambda cell: None,
) -> Upscaled:
    """Solve the cells of a layer; collective.

    Parameters
    ----------
    seeds : How many draws of each size, from the layer's own seed on; a list of particles has one.
    sizes : Widths of the cells over the mean diameter, ascending.

    Raises
    ------
    CaseError
        The layer has no packing, or the ion does not fit between its particles.
    MeshError, SolveError
        See `solve_cell`.
    """
    packing = layer.packing
    if packing is None:
        raise CaseError(f"layers.{layer.name}.packing", None, "given in a layer to be upscaled")
    listed = not packing.drawn
    solid = layer.conducting and packing.neck > 0.0
    charge = wall_charge(case, layer)
    cells = []
    for size in sizes[-1:] if listed else sizes:
        for seed in [packing.seed] if listed else range(packing.seed, packing.seed + seeds):
            recipe = cell_recipe(case, layer, size, seed, charge)
            numbers = solve_cell(recipe, comm, solid=solid, charge=charge)
            cells.append(SolvedCell(size, seed, numbers))
            note(cells[-1])
    return _reduced(layer, tuple(cells), case.geometry.dimension)


def _reduced(layer: Layer, cells: tuple[SolvedCell, ...], dimension: int) -> Upscaled:
    packing = layer.packing
    assert packing is not None
    listed = not packing.drawn
    by_size = {
        size: [_of_cell(layer, c.numbers, listed=listed) for c in cells if c.size == size]
        for size in sorted({cell.size for cell in cells})
    }
    largest, *smaller = sorted(by_size, reverse=True)
    samples = by_size[largest]
    numbers = {name: _interval([s[name] for s in samples]) for name in samples[0]}
    drift = {
        name: None if not smaller else _change(by_size[smaller[0]], samples, name)
        for name in samples[0]
    }
    solid = 1.0 - fmean(s["porosity"] for s in samples)
    axes = next(cell.numbers.liquid for cell in cells if cell.size == largest)
    return Upscaled(
        layer,
        cells,
        largest,
        len(samples),
        numbers,
        drift,
        {"maxwell": maxwell(solid, dimension), "bruggeman": bruggeman(solid, dimension)},
        fmean(axes[:-1]) / axes[-1] if listed else 1.0,
        _electronic(layer, numbers.get("solid_conduction")),
    )


def _electronic(layer: Layer, through_necks: Interval | None) -> float | None:
    """Of the layer [S/m]: that through necks; of the solid where particles are taken as touching
    and in contact with the metal; None where it does not conduct."""
    if not layer.conducting:
        return None
    factor = 1.0 if through_necks is None else through_necks.value
    return layer.electronic_conductivity * factor if factor else None


def _of_cell(layer: Layer, numbers: CellNumbers, *, listed: bool) -> dict[str, float]:
    """A drawn packing is the same along all axes; a list counts along the stack."""
    factor = numbers.liquid[-1] if listed else fmean(numbers.liquid)
    where = f"layers.{layer.name}.packing"
    if factor <= 0.0:
        raise CaseError(where, "given", "one whose liquid hangs together: nothing passes a cell")
    ion = parameter("electrolyte.radius_hyd_Zn").si
    hindrance = renkin_constrictivity(ion, 2.0 * numbers.porosity / numbers.area)
    if hindrance <= 0.0:
        raise CaseError(where, "given", "particles that leave room for the hydrated ion")
    found = {
        "porosity": numbers.porosity,
        "specific_area": numbers.area,
        "conduction": factor,
        "tortuosity_factor": numbers.porosity / factor,
        "constrictivity": hindrance,
    }
    if numbers.solid:
        found["solid_conduction"] = numbers.solid[-1] if listed else fmean(numbers.solid)
    if numbers.pores is not None:
        assert layer.packing is not None
        smeared = numbers.surface_charge * numbers.area / (FARADAY * numbers.porosity)
        apparent = numbers.pores.apparent / numbers.pores.smeared
        if layer.packing.regulation is not None:
            found["surface_charge"] = numbers.surface_charge
        found |= {
            "smeared_charge": smeared,
            "fixed_charge": apparent * smeared,
            "co_ions": numbers.pores.co_ions,
        }
    return found


def _interval(samples: Sequence[float]) -> Interval:
    """Of cells that do not differ the interval is a point."""
    if len(samples) > 1 and min(samples) == max(samples):
        return Interval(samples[0], samples[0], samples[0], len(samples))
    return mean_interval(samples)


def _change(
    before: Sequence[Mapping[str, float]], after: Sequence[Mapping[str, float]], name: str
) -> float | None:
    first, last = fmean(s[name] for s in before), fmean(s[name] for s in after)
    return last / first - 1.0 if first else None
