"""Pages from their templates."""

from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined


def rendered(name: str, **values: Any) -> str:
    """The template of a name; values are text and no markup, unless they say so."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return environment.from_string(template).render(**values)
