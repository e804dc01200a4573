"""`explain`: what a key of the case means."""

from mpi4py import MPI
from rich.console import Console
from rich.table import Table

from zinterphase.case import Case
from zinterphase.case.explained import default_in_words, kind_in_words, values_in
from zinterphase.case.key_paths import Key, all_keys, keys_called
from zinterphase.cli.console import make_console
from zinterphase.cli.door_options import ExplainOptions
from zinterphase.cli.inputs import load_case
from zinterphase.cli.templates import samples
from zinterphase.parallel import on_root

MOST = 6
"""Keys that are explained at once; of more, the names and meanings stand in a list."""


def explain_key(options: ExplainOptions) -> None:
    """Say what a key means, what it takes, and what the library has for it."""
    comm, console = MPI.COMM_WORLD, make_console()
    found = on_root(comm, lambda: [key.path for key in keys_called(options.key)])
    keys = [key for key in all_keys() if key.path in found]
    cases = samples() if options.case is None else (load_case(comm, options.case, None),)
    if len(keys) > MOST:
        for key in keys:
            console.print(f"{key.dotted}: {key.meaning.text}", soft_wrap=True)
        return
    for number, key in enumerate(keys):
        if number:
            console.print()
        _explain(console, key, cases)


def _explain(console: Console, key: Key, cases: tuple[Case, ...]) -> None:
    for name, text in (
        (key.dotted, key.meaning.text),
        ("takes", kind_in_words(key)),
        ("default", default_in_words(key)),
    ):
        console.print(f"{name}: {text}", soft_wrap=True)
    values = list(values_in(key, cases))
    if not values:
        return
    table = Table("in", "field", "value", "plausible", "confidence", "source")
    for entry in values:
        value = f"{entry.value:g}" if isinstance(entry.value, float) else entry.value
        bounds = "" if entry.range is None else f"{entry.range[0]:g} to {entry.range[1]:g}"
        shown = f"{value} {entry.unit}".strip()
        table.add_row(entry.case, entry.field, shown, bounds, entry.confidence, entry.source)
    console.print(table)
