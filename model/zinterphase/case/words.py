"""Parts of a sentence that know their place in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic_core import PydanticCustomError

from zinterphase.case.quantities import Dimensional

LONGEST_SENTENCE = 300
"""Characters of a sentence at most."""
_LONGEST_SHOWN = 24


class PlacedError(ValueError):
    """A part of a sentence is not what the grammar has there; says where and what it could be."""

    def __init__(self, part: Part, allowed: str) -> None:
        shown = (
            part.text if len(part.text) <= _LONGEST_SHOWN else f"{part.text[:_LONGEST_SHOWN]}..."
        )
        place = f'in place of "{shown}"' if shown else "at the end"
        super().__init__(f"{allowed} {place} (column {part.column})")


@dataclass(frozen=True)
class Part:
    """Text of a sentence without the blanks around it; ``column`` counts from 1."""

    text: str
    column: int

    @classmethod
    def of(cls, sentence: str) -> Part:
        """The whole of a sentence. Raises PlacedError where it is too long, or no plain line."""
        part = _trimmed(sentence, 1)
        if len(sentence) > LONGEST_SENTENCE or not sentence.isprintable():
            raise PlacedError(part, f"one line of at most {LONGEST_SENTENCE} printable characters")
        return part

    def within(self, span: tuple[int, int]) -> Part:
        """A part of this part, by positions from 0."""
        return _trimmed(self.text[slice(*span)], self.column + span[0])

    def quantity(self, kind: Dimensional) -> float:
        """The SI value of a number with a unit. Raises PlacedError."""
        try:
            return kind.read(self.text)
        except PydanticCustomError as error:
            raise PlacedError(self, str((error.context or {})["allowed"])) from None


def _trimmed(text: str, column: int) -> Part:
    return Part(text.strip(), column + len(text) - len(text.lstrip()))


def parts_between(part: Part, word: str) -> list[Part]:
    """The parts that a word separates; one that is empty stands where something is missing."""
    places = [match.span() for match in re.finditer(rf"(?<!\S){word}(?!\S)", part.text)]
    starts = [0, *(end for _, end in places)]
    ends = [*(start for start, _ in places), len(part.text)]
    return [part.within(span) for span in zip(starts, ends, strict=True)]


def split_at(part: Part, word: str) -> tuple[Part, Part | None]:
    """What stands before the first ``word`` and what behind it; None where it is not there."""
    found = re.search(rf"(?<!\S){word}(?!\S)", part.text)
    if found is None:
        return part, None
    return part.within((0, found.start())), part.within((found.end(), len(part.text)))
