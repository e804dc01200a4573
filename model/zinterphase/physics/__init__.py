"""Laws of the interphase, one per file: UFL (or NumPy) expressions in, expressions out."""
