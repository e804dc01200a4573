"""What a case refuses: one telling line for every mistake."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zinterphase.case import Case
from zinterphase.errors import CaseError

from .case_samples import CONTROL, SALT_FREE, SAMPLE, case, silver_under_titania, tables

MISTAKES = [
    ("geometry.widht=60 um", "geometry.widht = \"60 um\"", "did you mean width?"),
    ("electrolyte={concentraton=\"2 M\"}", "electrolyte.concentraton", "mean concentration?"),
    ("electrolyte={}", "electrolyte.concentration = missing", "2 mol/L"),
    ("colour=red", 'colour = "red"', "keys title, level"),
    ("geometry.width=60", "geometry.width = 60", 'with its unit, such as "60 um"'),
    ("geometry.width=60 mV", 'geometry.width = "60 mV"', "a length with its unit"),
    ("geometry.width=true", "geometry.width = true", "a length with its unit"),
    ("kinetics.zinc.exchange_current_density=1.5 mV", "kinetics.zinc.exchange_current_density",
     "a current density with its unit"),
    ("layers.titania.thickness=0 um", "layers.titania.thickness", "a length of 1e-11 to 1 m"),
    ("layers.titania.thickness=-1 um", 'layers.titania.thickness = "-1 um"', "1e-11 to 1 m"),
    ("layers.titania.porosity=1.2", "layers.titania.porosity = 1.2", "0 to 1"),
    ("layers.titania.porosity=-0.1", "layers.titania.porosity = -0.1", "0 to 1"),
    ('layers.titania.porosity="half"', 'layers.titania.porosity = "half"', "a plain number"),
    ("layers.titania.porosity=nan", "layers.titania.porosity = nan", "0 to 1"),
    ("layers.titania.porosity=0", "layers.titania.porosity = 0", "dense insulator"),
    ("layers.titania.tortuosity_factor=0.5", "layers.titania.tortuosity_factor", "1 to 1e+12"),
    ("layers.titania.constrictivity=0", "layers.titania.constrictivity", "1e-12 to 1"),
    ("layers.titania.material=TiO3", 'layers.titania.material = "TiO3"', "'TiO2'"),
    ("layers.titania.conducting=1", "layers.titania.conducting = 1", "true or false"),
    ("layers.titania.potential=resolved", "layers.titania.potential", "does not conduct"),
    ("layers.electrolyte.conducting=true", "layers.electrolyte.conducting", "false where"),
    ("layers.titania.name=zinc", "layers.zinc.name", "unique names"),
    ("layers.titania.name=base", "layers.base.name", "unique names other than base"),
    ("layers.titania.name=1st layer", "layers.2.name", "letters, digits and _"),
    ("layers.electrolyte.material=TiO2", "layers (top) = \"electrolyte\"", '"electrolyte" or'),
    ("layers.zinc.material=TiO2", 'layers (bottom) = "zinc"', "conducts electrons"),
    ("layers.titania.material=Zn", "layers.titania.porosity = 0.0", "dense insulator"),
    ("layers=3", "layers = 3", "a list"),
    ("layers=[]", "layers (top) = missing", "electrolyte"),
    ("layers.copper.thickness=1 um", "layers.copper", "zinc, titania, electrolyte"),
    ("geometry=3", "geometry = 3", "a table"),
    ("geometry.sides=periodic", 'geometry.sides = "periodic"', "mirror planes"),
    ("geometry.dimension=4", "geometry.dimension = 4", "2 or 3"),
    ("geometry.depth=10 um", "geometry.depth", "only with dimension = 3"),
    ("geometry.surface.seed=-1", "geometry.surface.seed = -1", "a whole number, 0 to 9.2"),
    ("geometry.surface.seed=1.5", "geometry.surface.seed = 1.5", "a whole number"),
    ("geometry.surface.correlation_length=0 um", "geometry.surface.correlation_length", "1e-13"),
    ("geometry.surface.amplitude=1 um", "geometry.surface.amplitude", "keys shape, rms"),
    ("geometry.surface.shape=bumpy", "geometry.surface", "'flat', 'sinusoidal'"),
    ('geometry.surface={rms="1 um"}', "geometry.surface", "shape"),
    ("level=tertiary", 'level = "tertiary"', "'electroneutral', 'secondary' or 'primary'"),
    ("temperature=-5 K", 'temperature = "-5 K"', "a temperature of 200 to 500 K"),
    ("title=7", "title = 7", "text between quotes"),
    ("electrolyte.concentration=3 mol/L", 'electrolyte.concentration = "3 mol/L"', "0.05 to 2.6"),
    ("electrolyte.concentration=0 mol/L", 'electrolyte.concentration = "0 mol/L"',
     "1e-21 to 55000 mol/m^3"),
    ("electrolyte.steric_diameter=0.86 nm", "electrolyte.steric_diameter = \"0.86 nm\"",
     "below 0.746 nm: more ions than sites already in the bulk"),
    ("electrolyte.permittivity=0", "electrolyte.permittivity = 0", "1 to 100000"),
    ("electrolyte.conductivity=0 S/m", "electrolyte.conductivity", "1e-12 to 10000 S/m"),
    ("electrolyte.salt=NaCl", 'electrolyte.salt = "NaCl"', "'ZnSO4'"),
    ("kinetics.zinc.alpha_a=1.0", 'kinetics.zinc.alpha_a + alpha_c = "1.5"', "2, the charge of"),
    ("kinetics.zinc.reactant=Cu2+", 'kinetics.zinc.reactant = "Cu2+"', "Zn2+"),
    ("kinetics.zinc.contact_fraction=2", "kinetics.zinc.contact_fraction = 2", "0 to 1"),
    ("kinetics.zinc.exchange_current_density_factor=0",
     "kinetics.zinc.exchange_current_density_factor = 0", "above 0"),
    ("kinetics.copper.alpha_a=1", "kinetics.copper", ""),
    ("kinetics.zinc.spread.sigma_ln=0", "kinetics.zinc.spread.sigma_ln = 0", "1e-06 to 5"),
    ("counter={type=\"electrode\", like=\"tin\"}", 'counter.like = "tin"', "zinc"),
    ("counter.like=zinc", 'counter.like = "zinc"', 'only with type = "electrode"'),
    ("control={}", "control = missing", "exactly one"),
    ('control={current_density="-1 A/m^2", potential="0 V"}', 'control = "both"', "exactly one"),
    ("control.ramp_steps=0", "control.ramp_steps = 0", "1 to 10000"),
    ("mesh.order=1.5", "mesh.order = 1.5", "a whole number"),
    ("mesh.growth=0.9", "mesh.growth = 0.9", "1.01 to 2"),
    ("mesh.file=absent.msh", 'mesh.file = "absent.msh"', "an existing file"),
    ("solver.tolerance=0", "solver.tolerance = 0", "1e-14 to 0.01"),
    ("output.animation=true", "output.animation", "false without a protocol"),
    ('output.normals=["0 um, 0 um"]', "output.normals", "1 lengths in 2D"),
    ('output.probes=[["70 um", "1 um"]]', "output.probes", "inside 0 to 6e-05 m"),
    ("output.normals=[3]", "output.normals.1 = 3", 'such as "10 um"'),
]  # fmt: skip


@pytest.mark.parametrize(("override", "start", "allowed"), MISTAKES)
def test_every_mistake_is_one_telling_line(override: str, start: str, allowed: str) -> None:
    with pytest.raises(CaseError) as caught:
        case(override)
    line = str(caught.value)
    assert "\n" not in line
    assert start in line
    assert allowed in line
    assert ": allowed " in line


def mistake(text: str) -> str:
    with pytest.raises(CaseError) as caught:
        case(text=text)
    return str(caught.value)


def test_unneutral_bulk() -> None:
    salts = [dict(SALT_FREE[0]), SALT_FREE[1] | {"concentration": "21 mol/m^3"}]
    with pytest.raises(CaseError, match="a neutral bulk"):
        Case.from_dict(tables() | {"electrolyte": {"species": salts}, "level": "pnp"})


def test_species_exclude_the_salt_and_need_a_conductivity() -> None:
    liquid: dict[str, Any] = {"species": SALT_FREE, "concentration": "2 mol/L"}
    with pytest.raises(CaseError, match="either a salt or a list of species"):
        Case.from_dict(tables() | {"electrolyte": liquid})
    with pytest.raises(
        CaseError, match=r"conductivity = missing: .*or level pnp or electroneutral"
    ):
        Case.from_dict(tables() | {"electrolyte": {"species": SALT_FREE}})


def test_missing_entries_are_named() -> None:
    assert mistake(SAMPLE.replace("width = ", "# width = ")).startswith("geometry.width = missing")
    assert "layers.titania.thickness = missing" in mistake(SAMPLE.replace('thickness = "1 um"', ""))
    assert "electrolyte.concentration = missing" in mistake(
        SAMPLE.replace('concentration = "2 mol/L"', "", 1)
    )
    assert "control = missing" in mistake(
        SAMPLE.replace('[control]\ncurrent_density = "-1 mA/cm^2"\nramp_steps = 1\n', "")
    )


def test_kinetics_of_a_buried_layer() -> None:
    text = silver_under_titania().replace("[kinetics.silver", "[kinetics.zinc")
    assert "kinetics.zinc" in mistake(text)
    assert "allowed conducting layers in touch with electrolyte: silver" in mistake(text)


def test_metal_above_the_electrolyte() -> None:
    text = SAMPLE.replace(
        '[[layers]]\nname = "electrolyte"',
        '[[layers]]\nname = "lid"\nmaterial = "Ag"\nthickness = "1 um"\n'
        '[[layers]]\nname = "electrolyte"',
    )
    assert "cut it off from the electrolyte" in mistake(text)


def test_equipotential_metal_on_resolved_metal() -> None:
    text = silver_under_titania().replace('"equipotential"', '"resolved"')
    assert 'layers.silver.potential = "equipotential": allowed "resolved"' in mistake(text)


def shaped(surface: str, top: str) -> str:
    start, end = SAMPLE.index('shape = "random"'), SAMPLE.index("[[layers]]")
    text = SAMPLE[:start] + surface + "\n" + SAMPLE[end:]
    return text.replace('top = "conformal"', f'top = "{top}"')


def test_surface_that_pierces_a_flat_layer() -> None:
    wave = 'shape = "sinusoidal"\nwavelength = "20 um"\namplitude = "{}"'
    assert "geometry.surface.amplitude" in mistake(shaped(wave.format("1 um"), "flat"))
    assert "below the thickness of titania, 1e-06 m" in mistake(shaped(wave.format("2 um"), "flat"))
    assert case(text=shaped(wave.format("0.9 um"), "flat")).warnings == ()
    assert case(text=shaped(wave.format("2 um"), "conformal")).warnings == ()
    bump = 'shape = "protrusion"\nheight = "{}"\ntip_radius = "0.5 um"'
    assert "geometry.surface.height" in mistake(shaped(bump.format("1.5 um"), "flat"))
    assert "thickness of electrolyte" in mistake(shaped(bump.format("51 um"), "conformal"))


def test_wave_that_does_not_fit_the_cell_is_a_warning() -> None:
    wave = 'shape = "sinusoidal"\nwavelength = "17 um"\namplitude = "0.1 um"'
    assert "half waves" in case(text=shaped(wave, "conformal")).warnings[0]


def test_protrusion_stays_in_the_cell() -> None:
    bump = 'shape = "protrusion"\nheight = "2 um"\ntip_radius = "0.5 um"\nposition = "{}"'
    assert "allowed 0 to 6e-05 m" in mistake(shaped(bump.format("61 um"), "conformal"))
    axis = shaped(bump.format("1 um"), "conformal").replace('"planar"', '"axisymmetric"')
    assert "allowed 0 m, the axis" in mistake(axis)


def test_axisymmetric_in_three_dimensions() -> None:
    text = SAMPLE.replace('"planar"', '"axisymmetric"').replace("dimension = 2", "dimension = 3")
    assert "geometry.coordinates" in mistake(text)


def test_conductor_without_library_kinetics() -> None:
    overrides = [
        "layers.zinc.material=TiO2",
        "layers.zinc.porosity=0",
        "layers.zinc.conducting=true",
    ]
    data = case(*overrides).kinetics["zinc"]
    assert data.exchange_current_density == 5.0
    text = SAMPLE[: SAMPLE.index("[kinetics.zinc]")] + CONTROL
    with pytest.raises(CaseError, match="kinetics = missing: allowed kinetics of zinc"):
        case(*overrides, text=text)


def test_unreadable_case_files(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"case file = .*: allowed an existing file"):
        Case.load(tmp_path / "absent.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("level = \n")
    with pytest.raises(CaseError, match=r"case file = .*valid TOML.*line 1"):
        Case.load(broken)
    broken.write_bytes(b"title = '\xff\xfe'")
    with pytest.raises(CaseError, match="UTF-8"):
        Case.load(broken)


@pytest.mark.parametrize("override", ["geometry.width", "=3", "a..b=3", ".a=3"])
def test_malformed_overrides(override: str) -> None:
    with pytest.raises(CaseError, match=r'allowed "table\.key=value"'):
        case(override)


def test_title_defaults_to_the_file_name(tmp_path: Path) -> None:
    file = tmp_path / "anode.toml"
    file.write_text(SAMPLE.replace('title = "AT@Zn"', ""))
    assert Case.load(file).title == "anode"


def entries(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every entry below a node."""
    if isinstance(node, list):
        node = dict(enumerate(node))
    for key, inner in node.items() if isinstance(node, dict) else ():
        yield (*path, key)
        yield from entries(inner, (*path, key))


WRONG = [-1, "1 mV", [], {}, True, [[]], {"name": 3}, 10**400, "x\ny"]


@pytest.mark.parametrize("wrong", WRONG, ids=[str(value)[:9] for value in WRONG])
def test_wrong_values_anywhere_end_in_one_line_or_a_case(wrong: Any) -> None:
    species = tables() | {"electrolyte": {"species": SALT_FREE}, "reference": "Zn"}
    for source in (tables(), species | {"level": "pnp"}):
        for path in list(entries(source)):
            data = copy.deepcopy(source)
            node: Any = data
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = wrong
            try:
                found = Case.from_dict(data)
            except CaseError as error:
                line = str(error)
            else:
                line = found.title
            assert "\n" not in line or line == wrong, path


def test_what_follows_from_layers_is_not_named_before_them() -> None:
    """A value of the library goes by the layer's material."""
    data = tables()
    data["kinetics"] = {"zinc": {"double_layer_capacitance": "library"}}
    del data["layers"]
    with pytest.raises(CaseError, match=r"^layers = missing"):
        Case.from_dict(data)
