"""Pages of the documentation site that are made from the code and from files beside docs/.

Called by MkDocs (mkdocs.yml). Commands, keys of the case and the library are written from what the
program itself reads, notebooks from their cells; links to files of the repository lead to their
page, or stay words where they have none.
"""

import json
import os.path
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from typer.main import get_command

from zinterphase.case.explained import default_in_words, kind_in_words
from zinterphase.case.key_paths import all_keys
from zinterphase.cli.commands import app
from zinterphase.materials.library import library

ROOT = Path(__file__).resolve().parents[1]
BESIDE = {
    "index.md": "README.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
    "security.md": "SECURITY.md",
    "meshes.md": "meshes/README.md",
}
"""Pages of the site that are files of the repository outside of docs/."""
HOW_TO = "How-to"
TOP = "At the top of the file"
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s#]+)(#[^)\s]*)?\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Give pages of docs/ that the navigation leaves out a place behind its how-tos."""
    nav: list[dict[str, Any]] = config.nav or []
    placed = set(_places(nav))
    pages = sorted(file.name for file in Path(config.docs_dir).glob("*.md"))
    for entry in nav:
        if HOW_TO in entry:
            entry[HOW_TO] += [page for page in pages if page not in placed]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is not in docs/."""
    pages = {page: (ROOT / file).read_text(encoding="utf-8") for page, file in BESIDE.items()}
    pages |= {"commands.md": commands(), "keys.md": keys(), "materials.md": materials()}
    for file in sorted((ROOT / "docs/notebooks").glob("*.ipynb")):
        pages[f"notebooks/{file.stem}.md"] = notebook(file)
    for name, text in pages.items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links lead to pages of the site."""
    source = BESIDE.get(page.file.src_uri, f"docs/{page.file.src_uri}")
    return rewritten(markdown, source, page.file.src_uri)


def rewritten(markdown: str, source: str, page: str) -> str:
    """A page's text whose links are those of the site, from that of a ``source`` file."""
    places = {file: name for name, file in BESIDE.items()}

    def link(match: re.Match[str]) -> str:
        picture, words, target, anchor = match.groups(default="")
        if "://" in target or target.startswith("mailto:"):
            return match[0]
        file = os.path.normpath(Path(source).parent / target)
        place = places.get(file, file.removeprefix("docs/") if file.startswith("docs/") else None)
        if place is None:
            return words if (ROOT / file).exists() else match[0]
        path = os.path.relpath(place, Path(page).parent)
        return f"{picture}[{words}]({path}{anchor})"

    return _LINK.sub(link, markdown)


def commands() -> str:
    """Every command with its help, arguments and options."""
    parts = ["# Commands", "Every command runs alone or under `mpirun -n N`."]
    for words, command in _every(get_command(app), ("zinterphase",)):
        parts += [f"## {' '.join(words)}", _help(command.help or "")]
        rows = [_parameter(each) for each in command.params if not getattr(each, "hidden", False)]
        parts.append(table(("option", "meaning", "default"), rows))
    return "\n\n".join(parts)


def keys() -> str:
    """Every key of a case by its first word."""
    parts = [
        "# Keys of a case",
        "Every key that a case file may have, as `zinterphase explain KEY` tells it; `NAME` is a "
        "layer, a reaction, a species or a block. What they are for stands in "
        "[the case file](case-file.md).",
    ]
    groups: dict[str, list[tuple[str, ...]]] = {TOP: []}
    tables = {key.path[0] for key in all_keys() if len(key.path) > 1}
    for key in all_keys():
        told = (f"`{key.dotted}`", key.meaning.text, kind_in_words(key), default_in_words(key))
        groups.setdefault(key.path[0] if key.path[0] in tables else TOP, []).append(told)
    for name, rows in groups.items():
        parts += [f"## {name}", table(("key", "meaning", "takes", "default"), rows)]
    return "\n\n".join(parts)


def materials() -> str:
    """The library by its groups."""
    parts = ["# The material library", "As `zinterphase materials NAME` shows it."]
    groups: dict[str, list[tuple[str, ...]]] = {}
    for key, entry in library().items():
        value = f"{entry.value:g}" if isinstance(entry.value, float) else str(entry.value)
        bounds = "" if entry.range is None else f"{entry.range[0]:g} to {entry.range[1]:g}"
        told = (f"`{key}`", value, entry.unit, bounds, entry.confidence, entry.basis, entry.source)
        groups.setdefault(key.partition(".")[0], []).append(told)
    head = ("entry", "value", "unit", "plausible", "confidence", "basis", "source")
    for name, rows in groups.items():
        parts += [f"## {name}", table(head, rows)]
    return "\n\n".join(parts)


def notebook(file: Path) -> str:
    """Text and code of a notebook, and the file itself to take away."""
    content: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    parts = []
    for cell in content["cells"]:
        text = "".join(cell["source"])
        parts.append(text if cell["cell_type"] == "markdown" else f"```python\n{text}\n```")
    parts.append(f"The notebook itself: [{file.name}]({file.name}).")
    return "\n\n".join(parts)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """As Markdown; nothing without rows."""
    if not rows:
        return ""
    lines = [head, ("---",) * len(head), *([_cell(text) for text in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _places(nav: Any) -> Iterator[str]:
    """Pages of a navigation."""
    if isinstance(nav, str):
        yield nav
    for inner in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from _places(inner)


def _every(command: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Commands, those of groups in their place."""
    inner: Mapping[str, Any] = getattr(command, "commands", {})
    if not inner:
        yield words, command
    for name, each in inner.items():
        yield from _every(each, (*words, name))


def _help(text: str) -> str:
    """With the example as code."""
    body, example, line = text.partition("Example: ")
    return f"{body.strip()}\n\n```bash\n{line.strip()}\n```" if example else body.strip()


def _parameter(parameter: Any) -> tuple[str, ...]:
    is_argument = parameter.param_type_name == "argument"
    name = parameter.name.upper() if is_argument else ", ".join(parameter.opts)
    shown = "required" if parameter.required else _default(parameter.default)
    return f"`{name}`", parameter.help or "", shown


def _default(value: Any) -> str:
    return "" if value in (None, False) or callable(value) else str(value)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
