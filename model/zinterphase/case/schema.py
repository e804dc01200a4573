"""The case: everything a run needs, validated once, frozen, in SI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, ValidationError, ValidationInfo, model_validator

from zinterphase.case import checks, dump, load, messages
from zinterphase.case import provenance as sources
from zinterphase.case.active import ActiveMaterial
from zinterphase.case.control import Control, Counter
from zinterphase.case.electrolyte import Electrolyte
from zinterphase.case.front import Front
from zinterphase.case.geometry import Geometry
from zinterphase.case.kinetics import Kinetics
from zinterphase.case.layers import Layer
from zinterphase.case.levels import LEVELS, is_ideal
from zinterphase.case.numerics import MeshOptions, MetricOptions, OutputOptions, SolverOptions
from zinterphase.case.packing import INSIDE
from zinterphase.case.plan import largest_current
from zinterphase.case.protocol import Protocol
from zinterphase.case.quantities import Accuracy, DataFile, Switch, Temperature, Title, valid_seed
from zinterphase.case.reference import Scale
from zinterphase.case.resolve import resolved
from zinterphase.case.table import Table
from zinterphase.case.timing import Limits, Terminal, TimeOptions
from zinterphase.errors import CaseError
from zinterphase.formats import KEY, WRITER
from zinterphase.materials.media import Medium
from zinterphase.units import with_unit


class Case(Table):
    """One simulation. Attribute names are the keys of the case file; all values are SI.

    Library values fill what the file leaves out; `provenance` names their sources.
    """

    consumed_keys: ClassVar[tuple[str, ...]] = (KEY, WRITER)

    title: Title = ""
    level: Literal["pnp", "concentrated", "electroneutral", "secondary", "primary"]
    wall_law: Literal["none", "gouy_chapman_stern"] = "none"
    accept_invalid: Switch = False
    accuracy: Accuracy | None = None
    temperature: Temperature = 298.15
    reference: Literal["SHE", "Zn"] = "SHE"
    library: tuple[DataFile, ...] = ()
    geometry: Geometry
    layers: tuple[Layer, ...]
    electrolyte: Electrolyte
    kinetics: Mapping[str, Kinetics] = Field(default_factory=dict)
    counter: Counter = Counter()
    control: Control = Control()
    active: ActiveMaterial | None = None
    protocol: Protocol = ()
    time: TimeOptions = TimeOptions()
    terminal: Terminal = Terminal()
    limits: Limits = Limits()
    front: Front | None = None
    mesh: MeshOptions = MeshOptions()
    solver: SolverOptions = SolverOptions()
    metrics: MetricOptions
    output: OutputOptions = OutputOptions()

    @property
    def ideal(self) -> bool:
        """Whether activities are concentrations: at levels of single ions, or without the salt."""
        return is_ideal(self.level, bool(self.electrolyte.species))

    @model_validator(mode="before")
    @classmethod
    def _resolve(cls, data: Any, info: ValidationInfo) -> Any:
        folder = (info.context or {}).get("folder", Path())
        return resolved(data, folder) if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _check(self) -> Self:
        checks.check(self)
        return self

    @classmethod
    def load(cls, path: str | Path, overrides: Sequence[str] = ()) -> Self:
        """Read a case file.

        Parameters
        ----------
        path : TOML file; data files it names are relative to it.
        overrides : ``"a.b.c=value"``, layers by name: ``"layers.titania.porosity=0.4"``.

        Raises
        ------
        CaseError
            One line: the field, its value and what is allowed.
        """
        file = Path(path)
        with load.pointing_to_sweep(overrides):
            return cls.from_dict(load.read_tables(file, overrides), folder=file.parent)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], folder: Path | None = None) -> Self:
        """Build a case from tables as a case file has them; data files relative to ``folder``.

        Raises
        ------
        CaseError
            One line: the field, its value and what is allowed.
        """
        base = (folder or Path()).resolve()
        try:
            return cls.model_validate(load.of_this_format(data), context={"folder": base})
        except ValidationError as error:
            raise messages.case_error(error, data) from None

    def with_seed(self, seed: int) -> Self:
        """Return the case with every random field and packing drawn from ``seed``.

        Raises
        ------
        CaseError
            When the seed is not a whole number of at least 0.
        """
        seed = valid_seed(seed)
        geometry, surface = self.geometry, self.geometry.surface
        if surface.shape == "random":
            reseeded = surface.model_copy(update={"seed": seed})
            geometry = geometry.model_copy(update={"surface": reseeded})
        kinetics = {name: entry.with_seed(seed) for name, entry in self.kinetics.items()}
        layers = tuple(layer.with_seed(seed) for layer in self.layers)
        update = {"geometry": geometry, "kinetics": kinetics, "layers": layers}
        return self.model_copy(update=update)

    def with_current(self, current_density: float) -> Self:
        """Return the steady case driven by a mean current density, A/m2, cathodic negative.

        Raises
        ------
        CaseError
            When the current density is not finite, or beyond sense.
        """
        given = {"current_density": with_unit(float(current_density), "A/m^2")}
        try:
            control = Control.model_validate({**given, "ramp_steps": self.control.ramp_steps})
        except ValidationError as error:
            found = messages.case_error(error, given)
            raise CaseError(f"control.{found.field}", found.value, found.allowed) from None
        return self.model_copy(update={"control": control, "protocol": ()})

    def at_largest_current(self) -> Self:
        """Return the steady case at the largest current density of the protocol, plating first.

        At none where the protocol imposes voltages alone; the case itself without a protocol.
        """
        return self.with_current(largest_current(self.protocol)) if self.protocol else self

    def to_toml(self) -> str:
        """Return the resolved case as TOML in SI with units and sources; loads to an equal case."""
        return dump.to_toml(self, {entry.field: entry for entry in self.provenance})

    @property
    def provenance(self) -> tuple[sources.Provenance, ...]:
        """Source of every value the library could give; "case file" where the case decides."""
        return sources.provenance(self)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is allowed but worth knowing, one line each."""
        return checks.warnings(self)

    @cached_property
    def scale(self) -> Scale:
        """The case's potential scale."""
        return self.scale_at(self.level)

    def scale_at(self, level: str) -> Scale:
        """The potential scale of the case at another level of theory."""
        by_ion = bool(self.electrolyte.species)
        ideal, salt = is_ideal(level, by_ion), self.electrolyte.known_salt
        against_hydrogen = Scale(self.temperature, ideal, salt=salt)
        if self.reference == "SHE":
            return against_hydrogen
        return against_hydrogen.of_zinc(self.electrolyte.zinc(against_hydrogen.ideal))

    @property
    def reference_potential(self) -> float:
        """Zero of the case's potential scale, V vs SHE."""
        return self.scale.zero

    @property
    def dense_count(self) -> int:
        """Number of dense conductors at the bottom of the stack."""
        return _leading(self.layers, "dense_conductor")

    @property
    def collector_count(self) -> int:
        """Number of dense conductors at the top of the stack, upon layers with electrolyte."""
        return _leading(self.layers[: self.dense_count - 1 : -1], "dense_conductor")

    @property
    def opposite_layers(self) -> tuple[Layer, ...]:
        """Porous conductors at the top, the counter electrode's, where others separate them from
        those at the bottom."""
        inner = self.layers[self.dense_count : len(self.layers) - self.collector_count]
        count = _leading(inner[::-1], "porous_conductor")
        return inner[len(inner) - count :] if count < len(inner) else ()

    @property
    def packed_layers(self) -> tuple[Layer, ...]:
        """Those whose particles are resolved."""
        return tuple(layer for layer in self.layers if layer.packing is not None)

    @property
    def particles(self) -> dict[str, Medium]:
        """Particles in which the level solves a potential, that of the liquid in dielectric ones
        and of electrons in conductors, by the name of their cells."""
        found = {f"{INSIDE}{layer.name}": layer.particle for layer in self.packed_layers}
        dielectric = LEVELS[self.level].double_layer
        return {k: x for k, x in found.items() if x and (dielectric or x.electronic_conductivity)}

    @property
    def reactive_layers(self) -> tuple[Layer, ...]:
        """Layers that may carry kinetics: the top dense conductor and every porous conductor."""
        top = self.layers[max(self.dense_count - 1, 0)]
        return tuple(
            layer
            for layer in self.layers
            if layer.conducting and (layer is top or layer.medium.kind == "porous_conductor")
        )

    def layer(self, name: str) -> Layer:
        """Return a layer by name. Raises KeyError when there is none."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise KeyError(name)


def _leading(layers: Sequence[Layer], kind: str) -> int:
    """How many layers of a kind come first."""
    return next((k for k, x in enumerate(layers) if x.medium.kind != kind), len(layers))
