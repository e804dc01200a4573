"""Mesh, solver, metrics and output options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from zinterphase.case.cycling import SnapshotTimes
from zinterphase.case.petsc_options import PetscOptions
from zinterphase.case.quantities import (
    CellSize,
    DataFile,
    Divisions,
    ElementOrder,
    GroupNames,
    Growth,
    Length,
    LengthUnit,
    Position,
    PositiveCount,
    Refinement,
    Switch,
    Tolerance,
)
from zinterphase.case.table import Table


class MeshOptions(Table):
    """Mesh sizes in m; None means chosen from the physics. ``unit`` is that of a mesh file [m],
    ``groups`` its names of layers, "base", "counter" and "sides" where they are others there;
    ``refinement`` divides every cell, whoever chose its size; ``divisions`` is how often each
    rank halves its own of the mesh that all this makes."""

    file: DataFile | None = None
    unit: LengthUnit = 1.0
    groups: Mapping[str, GroupNames] = Field(default_factory=dict)
    lateral_size: CellSize | None = None
    first_cell: CellSize | None = None
    growth: Growth = 1.3
    far_size: CellSize | None = None
    order: ElementOrder = 1
    refinement: Refinement = 1.0
    divisions: Divisions = 0


class SolverOptions(Table):
    """Nonlinear solve; ``tolerance`` bounds the last Newton update in kT/e."""

    preset: Literal["auto", "direct", "fieldsplit"] = "auto"
    options: PetscOptions = Field(default_factory=dict)
    max_iterations: PositiveCount = 60
    tolerance: Tolerance = 1e-9


class MetricOptions(Table):
    """Homogeneity metrics; the largest value is taken after smoothing over this radius, m.

    A line has none, and nothing to smooth."""

    smoothing_radius: Length | None = None

    @property
    def radius(self) -> float:
        """The smoothing radius, m; 0 on a line."""
        return self.smoothing_radius or 0.0


class OutputOptions(Table):
    """Files of a run; ``normals`` are lateral positions, ``probes`` points, both in m.

    ``snapshots`` of a case in time: at the end of its steps, of its cycles, or at times [s].
    ``animation`` draws them one after the other, as a GIF; ``pictures`` all others.
    ``errors`` asks for estimates of the discretisation error; None means below three dimensions.
    """

    fields: Literal["pvd", "bp", "none"] = "pvd"
    normals: tuple[Position, ...] = ()
    probes: tuple[Position, ...] = ()
    errors: Switch | None = None
    snapshots: SnapshotTimes = "cycles"
    pictures: Switch = True
    animation: Switch = False
