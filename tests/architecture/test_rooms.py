"""Imports go one way: between rooms in their order, between files without circles."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import zinterphase

PACKAGE = Path(zinterphase.__file__).parent
ORDER = (
    "printable", "errors", "formats", "symbols", "units", "parallel", "routes", "scales",
    "expressions", "startup", "caches", "compiler", "formcache", "physics", "materials", "case",
    "cell", "geometry", "fem_types", "forms", "mesh", "levels", "solve", "march", "observe",
    "result", "run", "remeshing", "upscale", "output", "marching", "ensemble", "meshstudy",
    "mechanisms", "experiments", "impedance", "sweep", "report", "verification", "cli",
    "zinterphase",
)  # fmt: skip
"""Rooms and files of the package's root, each importing from those before it. A new one goes in
here; one that is not there yet, or no more, does no harm."""


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ["zinterphase", *path.relative_to(PACKAGE).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imported(path: Path, *, for_types: bool) -> Iterator[str]:
    """Modules of the package that a file imports, in functions too; only for types if wanted."""
    stack: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            stack += [*(node.body if for_types else []), *node.orelse]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports name the whole path"
            base = node.module or ""
            if base.partition(".")[0] == "zinterphase":
                names = (f"{base}.{alias.name}" for alias in node.names)
                yield from (name if name in MODULES else base for name in names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        else:
            stack += ast.iter_child_nodes(node)


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def test_every_room_has_its_place() -> None:
    assert {room(module) for module in MODULES} <= set(ORDER)


def test_rooms_import_from_those_before_them() -> None:
    place = {name: number for number, name in enumerate(ORDER)}
    backwards = [
        f"{module} imports {other}"
        for module, path in MODULES.items()
        for other in imported(path, for_types=True)
        if place[room(other)] > place[room(module)]
    ]
    assert not backwards


def test_files_import_each_other_in_no_circle() -> None:
    graph = {
        module: {other for other in imported(path, for_types=False) if other != module}
        for module, path in MODULES.items()
    }
    TopologicalSorter(graph).prepare()  # raises an error that names the circle


def external(path: Path) -> set[str]:
    """Packages that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def test_what_uses_petsc_has_it_started_first() -> None:
    """Options that lie around would be read by one that starts by itself."""
    users = {room(m) for m, path in MODULES.items() if external(path) & {"dolfinx", "petsc4py"}}
    for name in users - {"startup"}:
        entry = MODULES[f"zinterphase.{name}"]
        assert "zinterphase.startup" in imported(entry, for_types=False), name


def test_a_law_stands_in_the_files_that_the_page_names() -> None:
    page = (PACKAGE.parents[1] / "docs/add-a-law.md").read_text(encoding="utf-8")
    named = {word for word in page.split("`") if word.endswith(".py")}
    mention = {
        str(path.relative_to(PACKAGE))
        for path in MODULES.values()
        if "nucleation" in path.read_text(encoding="utf-8").lower()
    }
    # those hold numbers and the experiment of that name, which read a voltage and no law
    readers = ("observe/", "output/", "ensemble/", "experiments/", "report/", "cli/")
    mention = {name for name in mention if not name.startswith(readers)}
    assert mention - {"verification/jacobian.py"} <= named
    assert len(mention - {"verification/jacobian.py", "case/__init__.py"}) == 9
