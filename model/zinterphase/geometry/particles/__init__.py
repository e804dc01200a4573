"""Particles one by one: where they lie, and the mesh of the liquid between them."""
