"""The case: schema, units at the edge, library defaults, validation, TOML in and out."""

from zinterphase.case.condition import Condition
from zinterphase.case.control import Control, Counter
from zinterphase.case.draft import Draft
from zinterphase.case.electrolyte import Electrolyte, SpeciesEntry
from zinterphase.case.geometry import (
    FlatSurface,
    Geometry,
    MapSurface,
    ProtrusionSurface,
    RandomSurface,
    SinusoidalSurface,
    Surface,
)
from zinterphase.case.kinetics import (
    DEPOSITION,
    Kinetics,
    Nucleation,
    Patches,
    Rate,
    RateMap,
    Spread,
)
from zinterphase.case.layers import Accumulation, Layer
from zinterphase.case.levels import IDEAL_LEVELS
from zinterphase.case.numerics import MeshOptions, MetricOptions, OutputOptions, SolverOptions
from zinterphase.case.protocol import Block, Visit, visits
from zinterphase.case.provenance import Provenance
from zinterphase.case.pybamm import from_pybamm
from zinterphase.case.schema import Case
from zinterphase.case.step import Record, Step
from zinterphase.case.timing import Limits, Terminal, TimeOptions
from zinterphase.materials.electrolyte import Species
from zinterphase.materials.media import Medium

__all__ = [
    "DEPOSITION",
    "IDEAL_LEVELS",
    "Accumulation",
    "Block",
    "Case",
    "Condition",
    "Control",
    "Counter",
    "Draft",
    "Electrolyte",
    "FlatSurface",
    "Geometry",
    "Kinetics",
    "Layer",
    "Limits",
    "MapSurface",
    "Medium",
    "MeshOptions",
    "MetricOptions",
    "Nucleation",
    "OutputOptions",
    "Patches",
    "ProtrusionSurface",
    "Provenance",
    "RandomSurface",
    "Rate",
    "RateMap",
    "Record",
    "SinusoidalSurface",
    "SolverOptions",
    "Species",
    "SpeciesEntry",
    "Spread",
    "Step",
    "Surface",
    "Terminal",
    "TimeOptions",
    "Visit",
    "from_pybamm",
    "visits",
]
