"""Which instants are kept; the steps of time know nothing of it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from math import floor
from typing import Any

from zinterphase.case.step import Record
from zinterphase.march.sample import Sample

ROUNDING = 1e-12
"""Part of a time by which a step that ends on a multiple may miss it."""


class Recorder:
    """Picks rows from the steps of one step of a protocol, between them by interpolation.

    Without a rule every step of time is kept. Beginning and end always are, by the caller.
    """

    def __init__(self, record: Record, begin: Sample) -> None:
        """``begin`` is the state just after the switch."""
        self._record, self._begin = record, begin
        self._kept = self._last = begin
        self._before: Sample | None = None
        self._due = 0.0
        self._all = record == Record()

    def memory(self) -> dict[str, Any]:
        """What it goes on from, as plain data."""
        before = None if self._before is None else asdict(self._before)
        samples = (self._begin, self._kept, self._last)
        return {"samples": [asdict(s) for s in samples], "before": before, "due": self._due}

    @classmethod
    def recalled(cls, record: Record, memory: Mapping[str, Any]) -> "Recorder":
        """As it was when it gave this memory."""
        begin, kept, last = (Sample(**values) for values in memory["samples"])
        found = cls(record, begin)
        found._kept, found._last, found._due = kept, last, memory["due"]
        found._before = None if memory["before"] is None else Sample(**memory["before"])
        return found

    def rows(self, sample: Sample) -> Iterator[Sample]:
        """What a step of time that ends at ``sample`` adds."""
        times = sorted({*self._every(sample.time), *self._growing(sample.time)})
        found = [between(self._before, self._last, sample, time) for time in times]
        if self._all or self._has_changed(sample):
            found.append(sample)
        if found:
            self._kept = found[-1]
        self._before, self._last = self._last, sample
        yield from found

    def _has_changed(self, sample: Sample) -> bool:
        record, kept = self._record, self._kept
        moves = (
            (record.voltage, sample.voltage - kept.voltage),
            (record.current, sample.current - kept.current),
        )
        return any(least is not None and abs(moved) >= least for least, moved in moves)

    def _every(self, now: float) -> Iterator[float]:
        """Multiples of a time within the last step of time, its end with it."""
        every, begin, last = self._record.every, self._begin.time, self._last.time
        if every is None:
            return
        number = floor((last - begin) / every * (1 + ROUNDING)) + 1
        while (time := begin + number * every) <= now * (1 + ROUNDING):
            yield min(time, now)
            number += 1

    def _growing(self, now: float) -> Iterator[float]:
        """Times that grow from the first step of time by a factor."""
        growth, begin = self._record.growth, self._begin.time
        if growth is None:
            return
        if self._due == 0.0:
            self._due = now - begin
        while begin + self._due <= now:
            yield begin + self._due
            self._due *= growth


def between(before: Sample | None, last: Sample, now: Sample, time: float) -> Sample:
    """On the parabola through the last samples, on the line where there are two."""
    line = last.towards(now, (time - last.time) / (now.time - last.time))
    if before is None or before.time >= last.time:
        return line
    # Newton's form: the line through the last two and the share of the third.
    share = (time - last.time) * (time - now.time)
    share /= (before.time - last.time) * (before.time - now.time)
    third = last.towards(now, (before.time - last.time) / (now.time - last.time))
    return line.plus(before, third, share)
