"""Names of a result's numbers: electrode.metric, electrode.reaction.metric, or room.metric.

`docs/results.md` lists them. What several files name is named here, once.
"""

MEAN_CURRENT_DENSITY = "working.mean_current_density"
POTENTIAL = "working.potential"
CORROSION = "working.corrosion_current_density"
"""What irreversible reductions take, as a magnitude."""
GAS_PRODUCTION = "working.gas_production"
HYDROGEN = f"{GAS_PRODUCTION}.H2"
"""Gas that an electrode makes per projected area [mol/m2/s]."""
CHARGE_DENSITY = "working.charge_density"
CURRENT_DENSITY = "working.current_density"
"""Field: current per projected substrate area."""
CURRENT_DENSITY_TRUE_AREA = "working.current_density_true_area"
"""Field: current per true area of the reacting surface."""
DEPOSIT_THICKNESS = "working.deposit_thickness"
"""Field: volume of the deposit since t = 0 per projected substrate area."""
AREAS = {
    CURRENT_DENSITY_TRUE_AREA: "metal area",
    CURRENT_DENSITY: "projected area",
    DEPOSIT_THICKNESS: "projected area",
}
"""What a field that evenness is told by is per."""
DEPOSIT_THICKNESS_MAX = f"{DEPOSIT_THICKNESS}.max"
WALL_ACIDITY = "working.pH"
HYSTERESIS = "last_cycle.hysteresis"
EFFICIENCY = "last_cycle.coulombic_efficiency"
END_VOLTAGE_PLATING = "last_cycle.end_voltage_plating"
END_VOLTAGE_STRIPPING = "last_cycle.end_voltage_stripping"
PLATING_VOLTAGE = "last_plating.mean_voltage"
"""Over the charge of the last step that plates."""
PLATING_EFFICIENCY = "last_cycle.plating_efficiency"
HYDROGEN_OF_CYCLE = "last_cycle.hydrogen"
LOST = "last_cycle.lost_"
"""Prefix of the parts of what the last cycle did not give back."""
LOST_RESTING = f"{LOST}resting"
NUCLEATION = "onset.overpotential"
COVERAGE_TIME = "onset.coverage_time"
NUCLEI = "end.nuclei_density"
SIZES = (
    NUCLEATION,
    COVERAGE_TIME,
    NUCLEI,
    HYDROGEN_OF_CYCLE,
    *(LOST + name for name in ("plating", "resting", "stripping")),
)
"""Numbers of runs in time that are above zero by their nature: a reduction of them is a ratio."""
ROUGHNESS_GROWTH = "last_plating.sq_growth"
"""Of a front: Sq behind that step over that at t = 0, as a difference [m]."""
END_TIME, END_GAP = "end.time", "end.gap"
LARGEST_MISMATCH = "run.largest_mismatch"
"""Of the balances of a run in time."""
TIP_TO_BASE = "working.tip_to_base"
CV = f"{CURRENT_DENSITY}.cv"
MAX_OVER_MEAN = f"{CURRENT_DENSITY}.max_over_mean"
CV_METAL = f"{CURRENT_DENSITY_TRUE_AREA}.cv"
MAX_OVER_MEAN_METAL = f"{CURRENT_DENSITY_TRUE_AREA}.max_over_mean"
ION_FLUX_OUTER_FACE = "film.ion_flux_outer_face"
"""Field: flux of the plated ion from the free electrolyte into the film."""
VOLTAGE = "cell.voltage"
TARGETS_IN_TIME = (f"{DEPOSIT_THICKNESS}.cv", PLATING_VOLTAGE, HYSTERESIS)
"""Numbers an accuracy is asked of in runs in time."""


def headline(*, volumetric: bool) -> str:
    """The field of the current that evenness is told by: per metal area, which slopes leave alone;
    per projected area where pores react, whose current no facet has."""
    return CURRENT_DENSITY if volumetric else CURRENT_DENSITY_TRUE_AREA


def targets(field: str) -> tuple[str, ...]:
    """Numbers an accuracy is asked of where evenness is told by ``field``: in time by that of the
    deposit's thickness."""
    if field == DEPOSIT_THICKNESS:
        return TARGETS_IN_TIME
    return (MEAN_CURRENT_DENSITY, POTENTIAL, f"{field}.cv", f"{field}.max_over_mean")


def is_rate(key: str) -> bool:
    """Whether a number is a rate of corrosion or of gas: above zero, and a sum over reactions."""
    return key == CORROSION or key.startswith(f"{GAS_PRODUCTION}.")


def reaction_key(electrode: str, reaction: str, metric: str) -> str:
    """Name of a metric of one reaction."""
    return f"{electrode}.{reaction}.{metric}"


def saturation_key(place: str, solid: str) -> str:
    """Name of the saturation index of a solid: at the `working` surface, in the bulk `liquid`."""
    return f"{place}.saturation_index.{solid}"


def precipitation_key(solid: str) -> str:
    """Name of how fast a solid forms on the working surface."""
    return f"working.precipitation.{solid}"
