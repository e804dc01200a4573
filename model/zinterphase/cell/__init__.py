"""The cell without finite elements: bulk, stack, characteristic numbers, advice."""
