"""Text from files and command lines as a terminal may safely show it."""

import unicodedata

_HARMLESS = {"Zs"}
"""Unicode categories `str.isprintable` refuses although they are plain: spaces of other widths."""


def printable(text: str) -> str:
    """The text with control, formatting and undecodable characters written as escapes.

    They could move the cursor, set colours or titles of a terminal, turn the direction of writing
    or fail to be encoded. Line breaks and tabs stay.
    """
    if text.isprintable():
        return text
    return "".join(c if _is_plain(c) else c.encode("unicode_escape").decode() for c in text)


def is_one_plain_line(text: str) -> bool:
    """Whether the text may stand in a message, a table or a file as it is."""
    return not set("\n\t") & set(text) and printable(text) == text


def _is_plain(character: str) -> bool:
    return (
        character.isprintable()
        or character in "\n\t"
        or unicodedata.category(character) in _HARMLESS
    )
