"""Case files of zinc against zinc whose cycles change slowly, or at once."""

from __future__ import annotations

from .marching import symmetric

HYDROGEN = """
exchange_current_density = "5 A/m^2"
reference_concentration = "2 mol/L"
formal_potential = "-0.795 V"
alpha_a = 1.5
alpha_c = 0.5
[kinetics.zinc.reactions.hydrogen_evolution]
exchange_current_density = "RATE"
reference_concentration = "0.1 mol/m^3"
formal_potential = "-0.2368 V"
tafel_slope = "120 mV"
"""
FADING = ("plate at 10 A/m^2 for 100 s", "strip at 10 A/m^2 until thickness_total <= 0 um")


def repeated(
    steps: tuple[str, str], repeat: int, more: str, kinetics: str = "", block: str = ""
) -> str:
    text = symmetric(
        "concentrated",
        2e-5,
        steps,
        cells=4,
        concentration=1000.0,
        kinetics=kinetics,
        electrolyte='salt = "ZnSO4"\npH = 4',
        more=more,
    )
    return text.replace("[[protocol]]\n", f"[[protocol]]\nrepeat = {repeat}\n{block}\n")


def fading(repeat: int, more: str = "", hydrogen: str = "1e-4 A/m^2") -> str:
    """Hydrogen takes a part of what is plated, and with it of the salt: less from cycle to
    cycle."""
    return repeated(FADING, repeat, f"time.rtol = 1e-2\n{more}", HYDROGEN.replace("RATE", hydrogen))


def growing(repeat: int, more: str = "", block: str = "", thickest: str = "19 nm") -> str:
    """A quarter of what is plated stays, until the deposit is as thick as it may be: in the 13th
    cycle."""
    plating = f"plate at 10 A/m^2 for 10 s until thickness_total >= {thickest}"
    steps = plating, "strip at 10 A/m^2 for 7.5 s"
    return repeated(steps, repeat, f"time.rtol = 1e-2\n{more}", block=block)
