"""Salts of the material library as property functions."""

from zinterphase.materials import electrolyte as zinc
from zinterphase.materials.library import parameter
from zinterphase.physics.salt import (
    CasteelAmis,
    PitzerActivity,
    RootInterpolant,
    SaltProperties,
    interpolant,
)

ROWS = {"inf": 0.0, "0p1M": 100.0, "1M": 1000.0, "2M": 2000.0, "3M": 3000.0}
"""Concentrations [mol/m3] of the library's rows."""
SALT_ROWS = {"D_salt": ("inf", "0p1M", "1M", "2M", "3M"), "t_plus": ("inf", "0p1M", "1M", "2M")}
"""Rows of the interpolated properties."""
LITRE = 1e-3


def zinc_sulphate() -> SaltProperties:
    """Measured properties of ZnSO4 in water at 298.15 K."""
    conductivity = CasteelAmis(
        maximum=parameter("electrolyte.kappa_max").si,
        peak=parameter("electrolyte.kappa_cmax").si,
        exponent=parameter("electrolyte.kappa_a").si,
        curvature=float(parameter("electrolyte.kappa_b").value) * LITRE**2,
    )
    activity = PitzerActivity(
        beta=(_value("pitzer_beta0"), _value("pitzer_beta1"), _value("pitzer_beta2")),
        c_phi=_value("pitzer_Cphi"),
        debye_hueckel=zinc.A_PHI,
        b=zinc.PITZER_B,
        alphas=(zinc.ALPHA_1, zinc.ALPHA_2),
        apparent_volume=zinc.apparent_volume(),
        water_density=zinc.WATER_DENSITY,
    )
    return SaltProperties(
        conductivity,
        _rows("D_salt"),
        _rows("t_plus"),
        activity,
        zinc.CONDUCTIVITY_RANGE,
    )


def _value(name: str) -> float:
    return parameter(f"electrolyte.{name}").si


def _rows(name: str) -> RootInterpolant:
    return interpolant([(ROWS[row], _value(f"{name}_{row}")) for row in SALT_ROWS[name]])
