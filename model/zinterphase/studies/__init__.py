"""Drive the chain: one case, comparisons."""
