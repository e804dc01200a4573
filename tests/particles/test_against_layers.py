"""Resolved particles beside the porous layer that stands for them."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.ensemble.resolved import LAYERED, RESOLVED, compare_with_layers, under
from zinterphase.errors import CaseError
from zinterphase.geometry.particles.spheres import Spheres
from zinterphase.upscale.study import upscale

from .patches import drawn, patch

SELF = MPI.COMM_SELF


def layered(porosity: float, tortuosity_factor: float) -> Case:
    """The same patch with a porous film."""
    film = {
        "name": "film",
        "material": "TiO2",
        "thickness": "100 nm",
        "porosity": porosity,
        "tortuosity_factor": tortuosity_factor,
        "constrictivity": 1.0,
    }
    zinc = {"name": "zinc", "material": "Zn", "thickness": "50 um"}
    above = {"name": "electrolyte", "material": "electrolyte", "thickness": "100 nm"}
    kinetics = {"zinc": {"exchange_current_density": "0.5 mA/cm^2", "contact_fraction": 1.0}}
    return patch({}, layers=[zinc, film, above], kinetics=kinetics)


def test_a_layer_of_the_cells_numbers_has_the_same_voltage() -> None:
    case = patch(drawn(porosity=0.6, seed=2))
    found = upscale(case, case.layer("film"), SELF, 4, (5.0,))
    factor = found.numbers["tortuosity_factor"].value
    assert factor is not None
    against = compare_with_layers(case, layered(0.6, factor), SELF)
    ohmic = against.values["cell.voltage.ohmic.film"]
    assert ohmic[LAYERED] == pytest.approx(ohmic[RESOLVED], rel=0.15)
    potential = against.values["working.potential"]
    assert potential[LAYERED] == pytest.approx(potential[RESOLVED], rel=1e-4)
    flux = against.values["film.ion_flux_outer_face.mean"]
    assert flux[LAYERED] == pytest.approx(flux[RESOLVED], rel=1e-4)
    resolved = "metal.under_particles.current_density.mean"
    assert RESOLVED in against.values[resolved]
    assert LAYERED not in against.values[resolved]


def test_a_current_that_is_none_has_no_unevenness() -> None:
    idle = {"current_density": "0 A/m^2"}
    case = patch(drawn(porosity=0.6, seed=2), control=idle)
    still = Case.from_dict(tomllib.loads(layered(0.6, 2.0).to_toml()) | {"control": idle})
    against = compare_with_layers(case, still, SELF)
    assert "metal.current_density.mean" in against.values
    assert not any(name.startswith("metal.") and name.endswith("cv") for name in against.values)


def test_particles_shade_what_is_below_them() -> None:
    centres = np.array([[1e-7, 3e-8], [3e-7, 9e-8]])
    spheres = Spheres.apart(centres, np.array([2e-8, 2e-8]))
    lateral = np.array([[1e-7], [1.19e-7], [1.21e-7], [3e-7]])
    assert under(lateral, spheres).tolist() == [True, True, False, False]
    assert not under(lateral, replace(spheres, radii=spheres.radii / 4)).any()


def test_only_the_same_patch_is_compared() -> None:
    case = patch(drawn())
    with pytest.raises(CaseError, match="porous layers alone"):
        compare_with_layers(case, case, SELF)
    other = layered(0.6, 1.5).with_current(-20.0)
    with pytest.raises(CaseError, match="control"):
        compare_with_layers(case, other, SELF)
    with pytest.raises(CaseError, match="a case with a packing"):
        compare_with_layers(other, other, SELF)
