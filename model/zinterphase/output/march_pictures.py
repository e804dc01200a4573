"""Maps and pictures of a run in time, of whatever it has come to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from zinterphase.case import Case
from zinterphase.march.cycles import CycleRow
from zinterphase.observe.through_cell import CellProfile
from zinterphase.output.capacity import (
    CAPACITY,
    CAPACITY_FIGURE,
    cell_cycles,
    write_capacity,
)
from zinterphase.output.figures import save_figure
from zinterphase.output.gallery import Frame
from zinterphase.output.history import History
from zinterphase.output.maps_file import MAPS, write_maps
from zinterphase.output.profile_book import (
    CELL_PROFILES,
    CELL_PROFILES_FIGURE,
    write_profiles,
)
from zinterphase.output.runfolder import RunFolder
from zinterphase.output.spectra import SPECTRA
from zinterphase.output.trajectory import HISTORY

Array = npt.NDArray[np.float64]
VOLTAGE, DEPOSIT, FRONT = "voltage.png", "deposit.png", "front.png"
SPECTRA_FIGURE = "spectra.png"


def write_march_pictures(
    folder: RunFolder,
    case: Case,
    cycles: Sequence[CycleRow],
    frames: Sequence[Frame],
    *,
    position: Array,
    area: Array,
    graph: bool,
    profiles: Sequence[CellProfile] = (),
) -> None:
    """Write `maps.nc`, `voltage.png`, `deposit.png`, `front.png` where one moves, `spectra.png`
    where the protocol has asked for some, `capacity.csv` and `capacity.png` of a full cell,
    `cell_profiles.csv` and `.png` on a line, and `deposit.gif` on request; not collective. A case
    can do without the pictures.

    `history.csv` is in the folder and closed; without a row in it there are no pictures.

    Parameters
    ----------
    folder, case : Of the run.
    cycles, frames : Its whole cycles and its snapshots, in the order of time.
    position, area : Centres [m] and areas [m2] of the working electrode's facets.
    graph : Whether that has one height over each place.
    profiles : Through the cell where it is a line.
    """
    write_maps(folder.claim(MAPS), position, area, frames, case.title)
    history = History.from_csv(folder.path / HISTORY)
    if not len(history):
        return
    full = cell_cycles(history, cycles) if case.opposite_layers else []
    full = full if any(cycle.charged or cycle.discharged for cycle in full) else []
    if full:
        write_capacity(full, folder.claim(CAPACITY))
    profiles = [profile for profile in profiles if profile.values]
    if profiles:
        write_profiles(profiles, folder.claim(CELL_PROFILES))
    if case.output.animation and frames:
        from zinterphase.output.animation import ANIMATION, write_animation

        write_animation(folder.claim(ANIMATION), case, position, frames, graph=graph)
    if not case.output.pictures:
        return
    from zinterphase.output.deposit_figure import deposit_figure
    from zinterphase.output.front_figure import front_figure
    from zinterphase.output.voltage_figure import voltage_figure

    save_figure(voltage_figure(case, history, cycles), folder.claim(VOLTAGE))
    if (folder.path / SPECTRA).is_file():
        from zinterphase.output.spectra_figure import saved_spectra, spectra_figure

        save_figure(spectra_figure(case, saved_spectra(folder.path)), folder.claim(SPECTRA_FIGURE))
    if full:
        from zinterphase.output.capacity_figure import capacity_figure

        save_figure(capacity_figure(case, history, full), folder.claim(CAPACITY_FIGURE))
    if profiles:
        from zinterphase.output.profiles_figure import profiles_figure

        save_figure(profiles_figure(case, profiles), folder.claim(CELL_PROFILES_FIGURE))
    deposit = deposit_figure(case, position, frames, history, graph=graph)
    if deposit is not None:
        save_figure(deposit, folder.claim(DEPOSIT))
    front = front_figure(case, position, frames, history)
    if front is not None:
        save_figure(front, folder.claim(FRONT))
