"""Which snapshots of a long run are kept: a number that does not grow with the run."""

MOST = 200
"""Snapshots that are kept."""


def stride(number: int) -> int:
    """Every which snapshot is kept, once that number has come; one is left for the end."""
    found = 1
    while number // found + 1 > MOST - 1:
        found *= 2
    return found
