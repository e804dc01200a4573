"""`materials`: what the library, and files of one's own, have."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from mpi4py import MPI
from rich.console import Console
from rich.table import Table

from zinterphase.cli.console import make_console
from zinterphase.cli.door_options import MaterialsOptions
from zinterphase.errors import CaseError
from zinterphase.materials.library import Parameter, library
from zinterphase.materials.own import own_library
from zinterphase.materials.salts import shipped_salts
from zinterphase.parallel import on_root

GROUPS: Mapping[str, str] = {
    "Zn": "zn_kinetics", "Ag": "silver", "Ag_nanoparticles": "silver", "TiO2": "tio2",
    "separator": "separator", "electrolyte": "electrolyte", "ZnSO4": "electrolyte",
}  # fmt: skip
"""Groups of the library by the names that a case has for materials."""


def show_materials(options: MaterialsOptions) -> None:
    """List the groups, or the entries of one."""
    console = make_console()

    def find() -> dict[str, Parameter]:
        own = own_library(options.library or [])
        found = dict(library())
        for group in (*shipped_salts().groups.values(), *own.groups.values()):
            found |= {entry.key: entry for entry in group.entries.values()}
            found |= {curve.entry.key: curve.entry for curve in group.curves.values()}
        return found

    entries = on_root(MPI.COMM_WORLD, find)
    if options.name is None:
        _list_groups(console, entries)
        return
    _show(console, _entries_of(options.name, entries))


def _list_groups(console: Console, entries: Mapping[str, Parameter]) -> None:
    counts: dict[str, int] = {}
    for key in entries:
        group = key.partition(".")[0]
        counts[group] = counts.get(group, 0) + 1
    table = Table("group", "entries", "in a case")
    for group, count in counts.items():
        names = [name for name, own in GROUPS.items() if own == group]
        table.add_row(group, str(count), ", ".join(names))
    console.print(table)


def _entries_of(name: str, entries: Mapping[str, Parameter]) -> list[Parameter]:
    """Of a group, a material, or one key. Raises :class:`CaseError` for a name of none."""
    if name in entries:
        return [entries[name]]
    groups = dict.fromkeys(key.partition(".")[0] for key in entries)
    group = name if name in groups else GROUPS.get(name)
    if group is None:
        known = [*GROUPS, *groups, *entries]
        close = get_close_matches(name, known, n=4) or [*dict.fromkeys([*GROUPS, *groups])]
        raise CaseError("NAME", name, f"a material, group or key: {', '.join(close)}")
    return [entry for key, entry in entries.items() if key.partition(".")[0] == group]


def _show(console: Console, entries: Iterable[Parameter]) -> None:
    table = Table("key", "value", "unit", "range", "confidence", "basis", "source")
    for entry in entries:
        value = f"{entry.value:g}" if isinstance(entry.value, float) else str(entry.value)
        bounds = "" if entry.range is None else f"{entry.range[0]:g} to {entry.range[1]:g}"
        told = [value, entry.unit, bounds, entry.confidence, entry.basis, entry.source]
        table.add_row(entry.key, *told)
    console.print(table)
