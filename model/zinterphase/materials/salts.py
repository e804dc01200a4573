"""Salts of the library besides ZnSO4: `salts.toml`, in the schema of files of one's own."""

from functools import cache
from importlib.resources import as_file, files

from zinterphase.materials.own import SALT, Group, OwnLibrary, own_library


@cache
def shipped_salts() -> OwnLibrary:
    """Read the file."""
    with as_file(files(__package__).joinpath("salts.toml")) as path:
        return own_library([path])


def salt_group(name: object, own: OwnLibrary) -> Group | None:
    """The salt of a name: of files of one's own first; None where nobody has it."""
    return own.of(name, SALT) or shipped_salts().of(name, SALT)


def salt_names(own: OwnLibrary) -> tuple[str, ...]:
    """Of all these salts."""
    return tuple(dict.fromkeys((*own.names(SALT), *shipped_salts().names(SALT))))
