"""Known solutions: closed forms, and independent integrations in one dimension by SciPy."""
