"""What of a long run is kept: a number that does not grow with the run, or hardly."""

MOST = 200
"""Snapshots that are kept, and cycles of which all is."""


def stride(number: int) -> int:
    """Every which snapshot is kept, once that number has come; one is left for the end."""
    found = 1
    while number // found + 1 > MOST - 1:
        found *= 2
    return found


def is_kept(number: int) -> bool:
    """Whether a cycle, counted from 0, keeps its rows: of all that will come those whose number is
    a multiple of the stride once they have come, half of :data:`MOST` more each time their number
    doubles. Nothing that was written has to be written anew."""
    return number % stride(number) == 0
