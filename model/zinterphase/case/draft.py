"""A case file as tables, and variants of it: library values follow what a variant changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zinterphase.case import load
from zinterphase.case.schema import Case


@dataclass(frozen=True)
class Draft:
    """Tables of a case file before the library fills them; data files relative to ``folder``.

    ``overrides`` are those that the tables already have, for messages.
    """

    tables: Mapping[str, Any]
    folder: Path
    overrides: Sequence[str] = ()

    @classmethod
    def load(cls, path: str | Path, overrides: Sequence[str] = ()) -> Draft:
        """Read a case file with overrides, as :meth:`Case.load`. Raises :class:`CaseError`."""
        file = Path(path)
        return cls(load.read_tables(file, overrides), file.parent, tuple(overrides))

    def changed(self, values: Mapping[str, Any]) -> Draft:
        """The draft with other values at dotted keys; None takes a key, or a named layer, away."""
        return Draft(load.changed(self.tables, values), self.folder, self.overrides)

    def case(self) -> Case:
        """The case of these tables. Raises :class:`CaseError`."""
        with load.pointing_to_sweep(self.overrides):
            return Case.from_dict(self.tables, self.folder)
