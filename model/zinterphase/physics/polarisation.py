"""How well a binary electrolyte evens out a current before it is depleted."""

from zinterphase.scales import FARADAY


def apparent_conductivity(
    conductivity: float,
    diffusivity: float,
    transference_number: float,
    activity_slope: float,
    concentration: float,
    charges: tuple[int, int],
    thermal_voltage: float,
    rate_polarisation: float,
) -> float:
    """Conductivity [S/m] that counts diffusion potential and concentration overpotential as ohmic.

    For waves of current along an electrode of a binary salt whose cation reacts, ``concentration``
    that of the cation, linearised about the bulk: the three resistances are in series, 1/kappa +
    [(RT/F)(1/z+ + 1/|z-|)(1-t+) d ln a/d ln c + r] (1-t+)/(z+ F D c).
    ``activity_slope`` is d ln a/d ln c, ``rate_polarisation`` r [V] is -R_ct i d ln i0/d ln c, the
    overpotential that an exchange current density costs which falls with the salt (i < 0). From the
    linear stability analysis of Sundstroem & Bark (1995), Electrochim. Acta 40, 599, without
    capillarity.
    """
    cation, anion = charges
    blocked = (1.0 - transference_number) / cation
    general = (1.0 / cation - 1.0 / anion) * (1.0 - transference_number)
    potential = thermal_voltage * general * activity_slope + rate_polarisation
    faraday_flux = FARADAY * diffusivity * concentration
    return 1.0 / (1.0 / conductivity + potential * blocked / faraday_flux)


def apparent_conductivity_of_ions(
    diffusivity: float,
    concentration: float,
    charge: int,
    others: float,
    thermal_voltage: float,
    rate_polarisation: float,
) -> float:
    """The same of any ideal ions of which one carries the current, with its ``diffusivity``
    [m2/s], ``concentration`` [mol/m3] and ``charge`` z.

    The others are at rest in the potential, c_j ~ exp(-z_j f phi); ``others`` is their sum of
    z_j^2 c_j [mol/m3]. With neutrality the reactant's electrochemical potential then falls as in
    a liquid of that ion's conductivity alone, and its concentration by (others/(others + z^2 c)) i
    /(z F D). For a z:z salt that is :func:`apparent_conductivity`.
    """
    faraday_flux = FARADAY * diffusivity * charge * concentration
    supported = others / (others + charge**2 * concentration)
    return faraday_flux / (thermal_voltage / charge + rate_polarisation * supported)
