"""Mutants of the shipped cases: one entry replaced, scaled, removed, added or doubled."""

import copy
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from pydantic import BaseModel

from zinterphase.case import (
    Accumulation,
    Block,
    Case,
    Control,
    Counter,
    Electrolyte,
    Geometry,
    Kinetics,
    Layer,
    Limits,
    MeshOptions,
    MetricOptions,
    Nucleation,
    OutputOptions,
    Patches,
    RandomSurface,
    SolverOptions,
    SpeciesEntry,
    Spread,
    Terminal,
    TimeOptions,
)
from zinterphase.case.front import Front

# Particles, and three dimensions, take minutes to mesh anew for every mutant: tests/particles has
# odd ones of the former. Mutants of a full cell are not told by their cause yet.
CASES = tuple(
    path
    for path in sorted((Path(__file__).parents[2] / "cases").glob("*.toml"))
    if not path.name.startswith(("particles", "rough_3d", "zinc_iodine"))
)
STEADY_CASES = tuple(path for path in CASES if "\n[control]" in path.read_text(encoding="utf-8"))
DILUTE = {"level": "pnp", "concentration": "0.05 mol/L"}
TABLES: dict[tuple[str | int, ...], type[BaseModel]] = {
    (): Case,
    ("geometry",): Geometry,
    ("geometry", "surface"): RandomSurface,
    ("layers", 0): Layer,
    ("layers", 1): Layer,
    ("layers", -1): Layer,
    ("layers", 1, "accumulation"): Accumulation,
    ("electrolyte",): Electrolyte,
    ("counter",): Counter,
    ("control",): Control,
    ("time",): TimeOptions,
    ("terminal",): Terminal,
    ("limits",): Limits,
    ("front",): Front,
    ("mesh",): MeshOptions,
    ("solver",): SolverOptions,
    ("metrics",): MetricOptions,
    ("output",): OutputOptions,
}
KINETICS: dict[str, type[BaseModel]] = {
    "": Kinetics,
    "spread": Spread,
    "patches": Patches,
    "nucleation": Nucleation,
}
FILM_KEYS = ("particle_diameter", "regulation", "surface_diffusion")
UNITS = ("um", "nm", "m", "V", "mV", "mA/cm^2", "A/m^2", "mol/L", "mol/m^3", "K", "S/m", "1/m",
         "F/m^2", "m^2/s", "C/m^2", "mol/m/s", "1/m^2", "parsec", "")  # fmt: skip
ODD: tuple[Any, ...] = (
    0, -1, 1, 2, 10**400, 1e308, -1e308, 1e-300, 0.5, float("nan"), float("inf"), True, False, "",
    "1 um*9**9**9", "1 " + "a" * 5000, "1e999999999 s", "9" * 5000, "25 degC", "1 dB", "\x1b[31m",
    "x\ny", "Ω", "x" * 100_000, "../../etc/passwd", [], {}, [[]], [1, "2 um"], {"name": 3},
    {"a": {"b": {"c": {}}}}, "random", "resolved", "electrode", "flat", "Zn", "TiO2", "zinc",
    "primary", "secondary", "electroneutral", "pnp", "gouy_chapman_stern", "bp",
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """Text of a case file, and what was done to which entry."""

    text: str
    path: tuple[str | int, ...]
    done: str
    layer: str
    """Name of the layer that the entry belongs to."""

    def is_named(self, line: str) -> bool:
        """Whether a message speaks of the entry, or of the layer that it belongs to."""
        keys = [str(key) for key in self.path if isinstance(key, str)]
        named = [keys[-1], *([self.layer] if self.layer else [])]
        return any(re.search(rf"\b{re.escape(name[:30])}", line) for name in named)


@st.composite
def mutants(draw: st.DrawFn, small: bool = False) -> Mutant:
    """Mutants of the shipped cases; ``small``: of cells that are solved in seconds."""
    tables = _base(draw, small)
    paths = list(_entries(tables))
    # Most of the others are refused before they are solved.
    weights = ("scale",) * (12 if small else 0)
    done = draw(st.sampled_from((*weights, "replace", "scale", "remove", "add", "add", "double")))
    if done == "scale":
        paths = [path for path in paths if _scaled(_at(tables, path), 0.0) is not None]
    if done == "double":
        paths = [path for path in paths if isinstance(path[-1], int)]
    if done == "add":
        path = draw(st.sampled_from(_known(tables)))
        _table(tables, path[:-1])[path[-1]] = draw(_values())
    else:
        path = draw(st.sampled_from(paths))
        node, old = _at(tables, path[:-1]), _at(tables, path)
        if done == "replace":
            node[path[-1]] = draw(_values())
        elif done == "scale":
            node[path[-1]] = _scaled(old, draw(st.floats(-1, 1) if small else st.floats(-40, 40)))
        elif done == "remove":
            del node[path[-1]]
        else:
            node.append(copy.deepcopy(old))
    return Mutant(_toml_document(tables), path, done, _layer(tables, path))


def _base(draw: st.DrawFn, small: bool) -> dict[str, Any]:
    cases = STEADY_CASES if small else CASES
    tables = tomllib.loads(draw(st.sampled_from(cases)).read_text(encoding="utf-8"))
    tables["mesh"] = {"far_size": "20 um"}
    if draw(st.booleans()):
        tables["level"] = DILUTE["level"]
        for wall in tables["kinetics"].values():  # its double layer is resolved there
            for key in ("double_layer_capacitance", "double_layer_ion"):
                wall.pop(key, None)
        if "salt" in tables["electrolyte"]:
            tables["electrolyte"]["concentration"] = DILUTE["concentration"]
    if small:
        tables["geometry"]["width"] = "10 um"
        tables["layers"][-1]["thickness"] = "10 um"
        tables["output"] = {"fields": "none", "errors": False}
    return tables


def _values() -> st.SearchStrategy[Any]:
    numbers = st.floats(-40, 40).map(lambda power: f"{10.0**power:.3g}")
    quantities = st.tuples(st.sampled_from(("", "-")), numbers, st.sampled_from(UNITS))
    return st.one_of(
        st.sampled_from(ODD),
        quantities.map(lambda parts: f"{parts[0]}{parts[1]} {parts[2]}"),
        st.floats(allow_nan=True),
        st.integers(),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    )


def _known(tables: dict[str, Any]) -> list[tuple[str | int, ...]]:
    """Entries that a case may have, and some that none has."""
    kinds = dict(TABLES)
    if "protocol" in tables:
        kinds["protocol", 0] = Block
    for name in tables["kinetics"]:
        kinds |= {("kinetics", name, part)[: 3 if part else 2]: k for part, k in KINETICS.items()}
    paths = [(*path, key) for path, kind in kinds.items() for key in kind.model_fields]
    paths += [("layers", -1, key) for key in FILM_KEYS]
    listed = isinstance(tables["electrolyte"].get("species"), list)
    ion = ("electrolyte", "species", *((0,) if listed else ()))
    paths += [(*ion, key) for key in SpeciesEntry.model_fields]
    return [*paths, ("mesh", "colour"), ("colour",), ("kinetics", "tin", "alpha_a")]


def _entries(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in inner:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from _entries(value, (*path, key))


def _at(node: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        node = node[key]
    return node


def _table(node: Any, path: tuple[str | int, ...]) -> Any:
    """The table at a path, made where there is none."""
    for key in path:
        node = node.setdefault(key, {}) if isinstance(node, dict) else node[key]
    return node


def _layer(tables: dict[str, Any], path: tuple[str | int, ...]) -> str:
    if path[0] == "kinetics" and len(path) > 1:
        return str(path[1])
    try:
        return str(_at(tables, path[:2])["name"]) if path[0] == "layers" else ""
    except (LookupError, TypeError):
        return ""


def _scaled(value: Any, power: float) -> Any:
    """A number, or the number of a quantity, times a power of ten; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value * 10.0**power
    match = re.fullmatch(r"(-?[\d.]+) (.*)", value) if isinstance(value, str) else None
    return None if match is None else f"{float(match[1]) * 10.0**power:.6g} {match[2]}"


def _toml_document(tables: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(key)} = {_toml(value)}\n" for key, value in tables.items())


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(k)} = {_toml(v)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(_toml(entry) for entry in value)}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower() if isinstance(value, bool | float) else str(value)
