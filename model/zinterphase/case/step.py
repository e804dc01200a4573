"""One step of a protocol, as a sentence or as a table."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from zinterphase.case.condition import Conditions
from zinterphase.case.current_table import CurrentTable, read_currents
from zinterphase.case.cycling import (
    CurrentChange,
    Duration,
    Frequency,
    RecordGrowth,
    SweepRate,
)
from zinterphase.case.quantities import CurrentDensity, DataFile, PositivePotential, Potential
from zinterphase.case.sentence import read_sentence
from zinterphase.case.step_checks import check_step
from zinterphase.case.step_text import described
from zinterphase.case.table import Table, refused
from zinterphase.case.words import PlacedError

Mode = Literal["current", "voltage", "rest", "pulse", "sweep", "file", "impedance"]


class Record(Table):
    """When rows are kept besides a step's beginning and end; it never changes a time step.

    ``every`` s; ``growth``: each time in the step that factor above the one before; ``voltage`` [V]
    and ``current`` [A/m2]: where either has changed by as much.
    """

    every: Duration | None = None
    growth: RecordGrowth | None = None
    voltage: PositivePotential | None = None
    current: CurrentChange | None = None


class Step(Table):
    """What is imposed until the time ``duration`` [s] is over or a condition of ``until`` is met.

    ``current_density`` and the two of a pulse, ``on`` and ``off``, are per projected area [A/m2],
    negative while the working electrode plates; ``voltage`` and those of a sweep, ``start`` and
    ``stop``, are working minus counter electrode or reference [V]; ``rate`` [V/s] is a magnitude.
    ``lowest`` and ``highest`` [Hz] are the ends of a spectrum about the state as it is, which takes
    no time.
    ``sentence`` is what the case file says, where it says one.
    """

    sentence: str | None = None
    mode: Mode
    current_density: CurrentDensity | None = None
    voltage: Potential | None = None
    on: CurrentDensity | None = None
    on_time: Duration | None = None
    off: CurrentDensity | None = None
    off_time: Duration | None = None
    start: Annotated[Potential | None, Field(alias="from")] = None
    stop: Annotated[Potential | None, Field(alias="to")] = None
    rate: SweepRate | None = None
    file: DataFile | None = None
    lowest: Frequency | None = None
    highest: Frequency | None = None
    duration: Annotated[Duration | None, Field(alias="for")] = None
    until: Conditions = ()
    record: Record | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_sentence(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("sentence"), str):
            return data
        beside = [key for key in data if key not in ("sentence", "record")]
        if beside:
            raise refused(beside[0], "only record beside a sentence")
        try:
            return {**data, **read_sentence(data["sentence"])}
        except PlacedError as error:
            raise refused("sentence", str(error)) from None

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_step(self)
        return self

    @property
    def measures(self) -> bool:
        """Whether it imposes nothing and takes no time: a spectrum about the state as it is."""
        return self.mode == "impedance"

    @property
    def verb(self) -> str | None:
        """First word of the sentence."""
        return None if self.sentence is None else self.sentence.split()[0]

    @property
    def text(self) -> str:
        """The step in a line for people."""
        return self.sentence or described(self)

    @cached_property
    def table(self) -> CurrentTable:
        """Times and current densities of the file. Raises CaseError for one that is no table."""
        assert self.file is not None
        return read_currents(self.file)
