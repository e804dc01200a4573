"""Packings: where particles lie."""

import numpy as np
import pytest

from zinterphase.errors import MeshError
from zinterphase.geometry.particles.contacts import planes_of, with_gaps, with_necks
from zinterphase.geometry.particles.packing import Sizes, neighbours, packed
from zinterphase.geometry.particles.spheres import Spheres, ball

BOXES = {2: (8e-7, 3e-7), 3: (3e-7, 2e-7, 2e-7)}
SIZES = Sizes(50e-9, 0.2)
GAP = 2e-9


def mirrored(dim: int) -> tuple[bool, ...]:
    return (*(True for _ in range(dim - 1)), False)


@pytest.mark.parametrize("dim", [2, 3])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_packing_keeps_its_gaps_and_its_porosity(dim: int, seed: int) -> None:
    box = np.array(BOXES[dim])
    spheres = packed(box, mirrored(dim), SIZES, 0.65, GAP, seed)
    _, distance = neighbours(spheres, 10 * GAP)
    assert distance.min() >= GAP * (1 - 1e-9)
    below, above = spheres.centres, box - spheres.centres
    halved = np.zeros(len(spheres))
    for axis in range(dim):
        for away in (below[:, axis], above[:, axis]):
            clear = 0.5 * GAP if axis < dim - 1 else GAP
            on_plane = (away == 0.0) & (axis < dim - 1)
            assert np.all(on_plane | (away - spheres.radii >= clear * (1 - 1e-9)))
            halved += on_plane
    inside = ball(spheres.radii, dim) * 0.5**halved
    assert inside.sum() == pytest.approx(0.35 * np.prod(box), rel=1e-9)
    assert np.std(spheres.radii) > 0.1 * np.mean(spheres.radii)
    again = packed(box, mirrored(dim), SIZES, 0.65, GAP, seed)
    assert np.array_equal(again.centres, spheres.centres)


def test_a_packing_that_is_too_dense_says_so() -> None:
    with pytest.raises(MeshError, match="do not fit at a porosity"):
        packed((1e-7, 1e-7, 1e-7), mirrored(3), SIZES, 0.2, GAP, 1)
    with pytest.raises(MeshError, match="does not fit into a box of 52 nm"):
        packed((3e-7, 5.2e-8), mirrored(2), Sizes(50e-9, 0.0), 0.6, GAP, 1)


def three() -> Spheres:
    """Two that touch, one that stands on the lower plane."""
    centres = np.array([[1e-7, 8e-8], [1.6e-7, 8e-8], [1.2e-7, 2e-8]])
    return Spheres.apart(centres, np.array([3e-8, 3e-8, 2e-8]))


def test_particles_that_touch_are_made_smaller_to_the_gap() -> None:
    planes = planes_of((2e-7, 2e-7), (True, False), GAP, joins_base=True)
    found, changed = with_gaps(three(), planes, GAP)
    assert changed == 3
    _, distance = neighbours(found, GAP * 2)
    assert distance == pytest.approx([GAP])
    assert found.centres[2, 1] - found.radii[2] == pytest.approx(GAP)


def test_necks_join_neighbours_and_the_metal() -> None:
    planes = planes_of((2e-7, 2e-7), (True, False), GAP, joins_base=True)
    gaps, _ = with_gaps(three(), planes, GAP)
    found = with_necks(gaps, planes, GAP, 0.3)
    assert found.neck_radii == pytest.approx([0.3 * gaps.radii[0], 0.3 * gaps.radii[2]])
    assert found.necks[1, 1, 1] < 0.0
    alone = with_necks(gaps, planes_of((2e-7, 2e-7), (True, False), GAP, False), GAP, 0.3)
    assert len(alone.neck_radii) == 1
