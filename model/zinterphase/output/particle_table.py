"""The content of `particles.csv`."""

from collections.abc import Sequence

from zinterphase.observe.particles import CHARGE, CURRENT, METAL, POTENTIAL, ParticleSums


def particle_rows(parts: Sequence[ParticleSums]) -> list[dict[str, object]]:
    """A row for the metal and for each particle; what is not defined is an empty cell."""
    return [_row(part, k) for part in parts for k in range(len(part.numbers))]


def _row(part: ParticleSums, k: int) -> dict[str, object]:
    number, area = int(part.numbers[k]), float(part.area[k])
    sums = {name: float(values[k]) for name, values in part.integrals.items()}
    axes = "xz" if part.centres.shape[1] == 2 else "xyz"
    place = dict(zip((*axes, "radius"), (*part.centres[k], part.radii[k]), strict=True))
    current, potential = sums.get(CURRENT), sums.get(POTENTIAL)
    return {
        "number": number,
        "layer": part.layer,
        **{name: None if number == METAL else float(value) for name, value in place.items()},
        "area": area,
        "current": current,
        "current_density": None if current is None or area == 0.0 else current / area,
        "potential": None if potential is None or area == 0.0 else potential / area,
        "charge": sums.get(CHARGE),
    }
