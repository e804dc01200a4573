"""Parameter sweeps: one case over lists of values, a table and a figure."""
