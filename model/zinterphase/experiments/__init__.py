"""Experiments of a laboratory: what a cell is put through, how it is reduced, and its figure."""
