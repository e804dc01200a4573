"""Solids of zinc, acid and sulfate, and iodine, that the library knows by name, at 298.15 K."""

from __future__ import annotations

from zinterphase.materials import iodine
from zinterphase.materials.library import Sourced, parameter, sourced

ZINC_HYDROXIDE_SULFATE, ZINC_HYDROXIDE = "zinc_hydroxide_sulfate", "zinc_hydroxide"
ZINC_OXIDE = "zinc_oxide"
EQUATIONS = {
    ZINC_HYDROXIDE_SULFATE: "4 Zn2+ + SO42- + 6 H2O -> Zn4SO4(OH)6(s) + 6 H+",
    ZINC_HYDROXIDE: "Zn2+ + 2 H2O -> Zn(OH)2(s) + 2 H+",
    ZINC_OXIDE: "Zn2+ + H2O -> ZnO(s) + 2 H+",
    iodine.SOLID: iodine.EQUATION,
}
"""By name: what each forms from; its crystal water counts as that of the solution."""
FULL = 0.99
"""Share of pores that solids fill at most."""
_KEYS = {
    ZINC_HYDROXIDE_SULFATE: ("ZHS_logK", "ZHS_Vm"),
    ZINC_HYDROXIDE: ("ZnOH2_eps_logK", "ZnOH2_Vm"),
    ZINC_OXIDE: ("ZnO_logK", "ZnO_Vm"),
}


def dissolved_in(name: str) -> frozenset[str]:
    """Species of the liquid in a solid's equation."""
    terms = (
        term.split()[-1] for side in EQUATIONS[name].split(" -> ") for term in side.split(" + ")
    )
    return frozenset(term for term in terms if term != "H2O" and not term.endswith("(s)"))


def formation_constant(name: str) -> Sourced:
    """log10 of the constant of a solid's formation as its equation is written, for mol/L; the
    library has that of its dissolution."""
    if name == iodine.SOLID:
        return iodine.formation_constant()
    entry = parameter(f"parasitic.{_KEYS[name][0]}")
    source = f"minus {entry.key}: {entry.source}"
    return Sourced(-float(entry.value), "", source, entry.confidence, entry.basis)


def solid_defaults(name: str) -> dict[str, Sourced]:
    """Defaults by field of the case; that of the rate alone for a solid that is not known."""
    if name == iodine.SOLID:
        return iodine.solid_defaults()
    found = {"rate_constant": sourced("parasitic.ZHS_k_precip", "mol/m^2/s")}
    if name in EQUATIONS:
        found["log_K"] = formation_constant(name)
        found["molar_volume"] = sourced(f"parasitic.{_KEYS[name][1]}", "m^3/mol")
    return found


def blocking_defaults() -> dict[str, Sourced]:
    """How thick a solid is that covers a surface, where a case asks for it."""
    return {"blocking_thickness": sourced("parasitic.ZHS_blocking_thickness", "m")}
