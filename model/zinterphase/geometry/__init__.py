"""Meshes of interphases: surfaces, layers, boundary layers; arrays in, arrays out, no DOLFINx."""
