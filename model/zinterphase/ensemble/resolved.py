"""A patch with its particles against the same patch in porous layers."""

from math import isnan

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.ensemble.level_differences import LevelDifferences, compared, steady_numbers
from zinterphase.errors import CaseError
from zinterphase.geometry.particles.from_case import particle_recipe
from zinterphase.geometry.particles.settling import particles_of
from zinterphase.geometry.particles.spheres import Spheres
from zinterphase.observe.probe import mean_and_cv
from zinterphase.observe.surface import SurfaceMap
from zinterphase.parallel import on_root
from zinterphase.result import Result

RESOLVED, LAYERED = "resolved", "layered"


def compare_with_layers(
    resolved: Case, layered: Case, comm: MPI.Intracomm = MPI.COMM_WORLD
) -> LevelDifferences:
    """Solve both; beside what any two cases have in common, the numbers of the current on the flat
    metal under particles and between them. Collective.

    Raises :class:`CaseError` unless the first has particles, the second none, and level, width,
    thickness and current are the same, besides what solving raises.
    """
    _require_one_patch(resolved, layered)
    cases = {RESOLVED: resolved, LAYERED: layered}
    return compared(
        f"{resolved.title} against {layered.title}",
        cases,
        lambda case: steady_numbers(case, comm, _on_metal),
    )


def _require_one_patch(resolved: Case, layered: Case) -> None:
    for case, name, has in ((resolved, "CASE", True), (layered, "--against", False)):
        if bool(case.packed_layers) != has:
            found = "without particles" if has else "with a packing"
            allowed = "a case with a packing" if has else "a case of porous layers alone"
            raise CaseError(name, found, allowed)
        if case.geometry.surface.shape != "flat":
            field, found = f"{name}: geometry.surface.shape", case.geometry.surface.shape
            raise CaseError(field, found, '"flat": numbers are those of the flat metal')
        if any(x.packing is not None and x.packing.image is not None for x in case.layers):
            raise CaseError(f"{name}: layers.packing.image", "given", "particles with a place each")
        if case.protocol:
            raise CaseError(f"{name}: protocol", "given", "a steady case, with a control")
    for field, first, second in (
        ("level", resolved.level, layered.level),
        ("geometry.width", resolved.geometry.extents, layered.geometry.extents),
        ("control", resolved.control, layered.control),
        ("layers: thickness", _height(resolved), _height(layered)),
    ):
        if first != second:
            raise CaseError(f"--against: {field}", second, f"that of the other case, {first}")


def _height(case: Case) -> float:
    """Of all that is meshed [m], to the picometre."""
    return round(sum(layer.thickness for layer in case.layers if layer.meshed), 12)


def _on_metal(result: Result) -> dict[str, tuple[float, str]]:
    """Current per area of the flat metal: all of it, under particles and in the mouths between."""
    surface, case = result.surface, result.case
    flat = surface.position[:, -1] <= 1e-9 * surface.position[:, 0].max()
    found = _statistics("metal", surface, flat)
    if case.packed_layers:
        spheres = on_root(result.problem.domain.comm, lambda: _lowest(case))
        covered = under(surface.lateral, spheres)
        found |= _statistics("metal.under_particles", surface, flat & covered)
        found |= _statistics("metal.in_mouths", surface, flat & ~covered)
    return found


def _lowest(case: Case) -> Spheres:
    """The particles of the lowest layer that has some."""
    return next(iter(particles_of(particle_recipe(case)).values())).spheres


def under(lateral: np.ndarray, spheres: Spheres) -> np.ndarray:
    """Which lateral positions (n, d - 1) lie in the shadow of a particle of the first row: one
    whose lower end is within its radius of the metal."""
    low = spheres.centres[:, -1] - spheres.radii < spheres.radii
    centres, radii = spheres.centres[low, :-1], spheres.radii[low]
    away = np.linalg.norm(lateral[:, None, :] - centres[None], axis=2)
    return np.asarray((away < radii).any(axis=1))


def _statistics(name: str, surface: SurfaceMap, chosen: np.ndarray) -> dict[str, tuple[float, str]]:
    """Mean and unevenness of the current on some of the flat area; without the latter where the
    mean vanishes."""
    area, current = surface.area[chosen], surface.values["current_density"][chosen]
    if not area.sum() > 0.0:
        return {}
    mean, cv = mean_and_cv(current, area)
    found = {f"{name}.current_density.mean": (mean, "A/m^2")}
    if not isnan(cv):
        found[f"{name}.current_density.cv"] = (cv, "1")
        found[f"{name}.current_density.max_over_mean"] = (float((current / mean).max()), "1")
    return found
