"""A library file of upscaled layers, which a layered case reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from zinterphase.case import Case
from zinterphase.case.dump import toml_text, toml_value
from zinterphase.errors import CaseError
from zinterphase.formats import LIBRARY
from zinterphase.materials.own import METAL, SOLID
from zinterphase.observe.statistics import Interval
from zinterphase.upscale.study import Upscaled

_UNITS = {"porosity": "-", "tortuosity_factor": "-", "constrictivity": "-", "specific_area": "1/m"}
SUFFIX = "_packing"
"""Of a material's name, behind that of its layer."""
_FIRST = "# Effective numbers of resolved particles"
_TOUCHING = (
    "that of the solid: particles in contact have the metal's potential, as resolved ones do"
)
_ASSUMED = ("low", "assumption")


def require_new(path: Path) -> None:
    """Raise :class:`CaseError` where a file would be overwritten that no upscaling has written."""
    if path.exists() and not path.read_bytes().startswith(_FIRST.encode()):
        raise CaseError("--output", str(path), "a new file, or one that upscale has written")


def write_library(path: Path, case: Case, found: Sequence[Upscaled]) -> None:
    """Write the file. Serial."""
    stamp = (f"{key} = {toml_value(entry, None)}" for key, entry in LIBRARY.stamp().items())
    lines = [f"{_FIRST}: {case.title}", *stamp]
    for upscaled in found:
        lines += _material(case, upscaled)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _material(case: Case, found: Upscaled) -> Iterator[str]:
    name = f"{found.layer.name}{SUFFIX}"
    conducts = found.electronic_conductivity is not None
    yield from ("", f"[{name}]", f'kind = "{METAL if conducts else SOLID}"')
    source = _source(case, found)
    for key, unit in _UNITS.items():
        interval = found.numbers[key]
        how = (
            "; Renkin in pores of 2 porosity/area, not resolved" if key == "constrictivity" else ""
        )
        yield from _entry(f"{name}.{key}", interval, unit, source + how, 1.0)
    if "fixed_charge" in found.numbers:
        kept = f"; holds as few ions of its sign in {_liquid(case, found)} as that on the walls"
        charge = found.numbers["fixed_charge"]
        yield from _entry(f"{name}.fixed_charge", charge, "mol/m^3", source + kept, 1.0)
    if found.electronic_conductivity is not None:
        where, sigma = f"{name}.electronic_conductivity", found.layer.electronic_conductivity
        conducted = found.numbers.get("solid_conduction")
        if conducted is not None:
            yield from _entry(where, conducted, "S/m", source, sigma)
        else:
            at_one = Interval(1.0, None, None, 0)
            yield from _entry(where, at_one, "S/m", _TOUCHING, sigma, _ASSUMED)


def _liquid(case: Case, found: Upscaled) -> str:
    ions = case.electrolyte.resolved_species
    salt = ", ".join(f"{ion.concentration:g} mol/m^3 of {ion.name}" for ion in ions)
    packing = found.layer.packing
    sites = None if packing is None else packing.regulation
    return salt if sites is None else f"{salt} of pH {sites.pH:g}"


def _entry(
    where: str,
    interval: Interval,
    unit: str,
    source: str,
    factor: float,
    trust: tuple[str, str] = ("medium", "computed"),
) -> Iterator[str]:
    assert interval.value is not None
    yield from (f"[{where}]", f"value = {interval.value * factor!r}", f'unit = "{unit}"')
    if interval.low is not None and interval.high is not None:
        yield f"range = [{interval.low * factor!r}, {interval.high * factor!r}]"
    yield f"source = {toml_text(source)}"
    yield from (f'confidence = "{trust[0]}"', f'basis = "{trust[1]}"')


def _source(case: Case, found: Upscaled) -> str:
    packing = found.layer.packing
    assert packing is not None
    if packing.file is not None:
        what = f"the particles of {packing.file.name}"
    elif packing.image is not None:
        what = f"the image {packing.image.name}"
    else:
        what = (
            f"{found.seeds} cells of {found.size:g} mean diameters, seeds from {packing.seed}, "
            f"particles of {1e9 * (packing.diameter or 0.0):g} nm, spread {packing.spread:g}"
        )
    dimension = case.geometry.dimension
    return f"cell problems in {dimension}D, layer {found.layer.name} of {case.title!r}: {what}"
