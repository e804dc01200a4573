"""What a study takes where it is told nothing else."""

from typing import Literal

CURRENTS = (-10.0, -50.0)
"""Mean current densities [A/m2]."""
PLATING = (-10.0,)
"""What the cost of a lower corrosion is told at [A/m2]."""
SEEDS = 10
"""Seeds of a study of mechanisms, and the fewest there may be."""
TORNADO_SEEDS = 3
"""Seeds of a tornado plot: the same few for every end."""
About = Literal["evenness", "corrosion"]
"""What is asked of anodes and mechanisms."""
Method = Literal["morris", "sobol"]
"""How global sensitivity is told: elementary effects, or shares of the variance."""
