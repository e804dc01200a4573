"""Resolved particles are the same on any number of ranks."""

from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.run import solve

REGULATED = {"pH": 4.0, "site_density": "0.2 1/nm^2"}


def film(level: str, concentration: str, titania: dict[str, Any], **counter: Any) -> Case:
    """Silver particles under titania particles."""
    layers = [
        {"name": "zinc", "material": "Zn", "thickness": "50 um"},
        {
            "name": "silver",
            "material": "Ag",
            "thickness": "60 nm",
            "packing": {
                "diameter": "40 nm",
                "porosity": 0.6,
                "exchange_current_density_factor": 3.0,
            },
        },
        {
            "name": "titania",
            "material": "TiO2",
            "thickness": "60 nm",
            "packing": {
                "diameter": "40 nm",
                "porosity": 0.6,
                **titania,
            },
        },
        {"name": "electrolyte", "material": "electrolyte", "thickness": "60 nm"},
    ]
    return Case.from_dict(
        {
            "level": level,
            "accept_invalid": True,
            "geometry": {"width": "120 nm"},
            "layers": layers,
            "electrolyte": {"salt": "ZnSO4", "concentration": concentration},
            "control": {"current_density": "-1 mA/cm^2"},
            "counter": {"type": "reservoir", **counter},
        }
    )


@pytest.mark.parametrize(
    ("level", "concentration", "titania"),
    [
        ("concentrated", "2 mol/L", {"regulation": REGULATED}),
        ("pnp", "10 mmol/L", {"regulation": REGULATED}),
        ("pnp", "10 mmol/L", {"regulation": REGULATED, "permittivity": 41.4}),
    ],
)
@pytest.mark.parallel([2, 3])
def test_ranks_agree_on_the_current(
    comm: MPI.Intracomm, level: str, concentration: str, titania: dict[str, Any]
) -> None:
    case = film(level, concentration, titania)
    alone = solve(case, MPI.COMM_SELF) if comm.rank == 0 else None
    shared = solve(case, comm)
    assert all(balance.mismatch < 1e-8 for balance in shared.balances)
    if alone is not None:
        assert np.isclose(shared.potential, alone.potential, rtol=1e-8)
        field = alone.headline
        assert np.isclose(shared.homogeneity[field].cv, alone.homogeneity[field].cv, rtol=1e-6)
        assert shared.surface.area.sum() == pytest.approx(alone.surface.area.sum(), rel=1e-12)


@pytest.mark.parallel([2, 3])
def test_a_level_is_pinned_in_the_liquid(comm: MPI.Intracomm) -> None:
    """In a closed cell part of whose dofs, those in particles, know no ions."""
    case = film("pnp", "10 mmol/L", {"permittivity": 41.4}, type="electrode")
    alone = solve(case, MPI.COMM_SELF) if comm.rank == 0 else None
    shared = solve(case, comm)
    assert all(balance.mismatch < 1e-8 for balance in shared.balances)
    if alone is not None:
        assert np.isclose(shared.potential, alone.potential, rtol=1e-8)


@pytest.mark.parallel([2, 3])
def test_ranks_agree_on_potentials_in_particles(comm: MPI.Intracomm) -> None:
    """Some joined to the metal by necks, others floating."""
    case = film("concentrated", "2 mol/L", {})
    zinc, silver, *others = case.layers
    packing = None if silver.packing is None else silver.packing.model_copy(update={"neck": 0.3})
    solid = {"potential": "resolved", "electronic_conductivity": 1e-3}
    layers = (
        zinc.model_copy(update={"potential": "resolved", "thickness": 40e-9}),
        silver.model_copy(update={**solid, "packing": packing}),
        *others,
    )
    case = case.model_copy(update={"layers": layers})
    alone = solve(case, MPI.COMM_SELF) if comm.rank == 0 else None
    shared = solve(case, comm)
    assert all(balance.mismatch < 1e-8 for balance in shared.balances)
    if alone is not None:
        assert np.isclose(shared.potential, alone.potential, rtol=1e-8)
        assert alone.voltage is not None
        assert alone.voltage.electronic < 0.0
        field = alone.headline
        assert np.isclose(shared.homogeneity[field].cv, alone.homogeneity[field].cv, rtol=1e-6)
