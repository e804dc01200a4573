"""One case on families of meshes: uniform ones with observed orders, adaptive ones for a goal."""
