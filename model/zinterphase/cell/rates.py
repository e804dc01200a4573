"""The rate of a reaction at a plane in equilibrium with the bulk, in numbers."""

from collections.abc import Mapping

from zinterphase.cell.reaction import Reaction
from zinterphase.physics.kinetics import butler_volmer, linear_kinetics, tafel
from zinterphase.physics.nucleation import nucleation_limited


def current_density(
    reaction: Reaction,
    drop: float,
    plane: float,
    charges: Mapping[str, int],
    gauge: float,
    thermal_voltage: float,
) -> float:
    """Current density [A/m2] per wetted area; `zinterphase.solve.ratelaw` says the same as UFL.

    ``drop`` is the metal's potential minus that of the ``plane`` of reaction [RT/F], the former
    against ``gauge`` [V]; ions have activities exp(-z plane) there.
    """
    rate, i0 = reaction.rate, reaction.equilibrium.exchange_current_density
    eta = drop - (reaction.equilibrium.potential - gauge) / thermal_voltage
    terms = [s * -charges[ion] * plane for ion, s in reaction.stoichiometry.items()]
    signs = reaction.stoichiometry.values()
    made = sum(term for term, s in zip(terms, signs, strict=True) if s > 0)
    used = -sum(term for term, s in zip(terms, signs, strict=True) if s < 0)

    if rate.irreversible:
        powers = sum(p * -charges[name] * plane for name, p in reaction.orders.items())
        alpha, sign = (rate.alpha_c, -1.0) if rate.only_reduces else (rate.alpha_a, 1.0)
        return float(tafel(eta, i0, alpha, sign, powers))

    def deposit(overpotential: float) -> float:
        if rate.form == "linear":
            current = linear_kinetics(overpotential, i0, reaction.electrons, made - used)
        else:
            current = butler_volmer(overpotential, i0, rate.alpha_a, rate.alpha_c, made, used)
        return float(current)

    nucleation = rate.nucleation
    if nucleation is None:
        return deposit(eta)
    barrier, width = nucleation.overpotential / thermal_voltage, nucleation.width / thermal_voltage
    driving = eta - (made - used) / reaction.electrons
    bare = deposit(eta + barrier)
    covered = deposit(eta)
    return float(nucleation_limited(covered, bare, driving, barrier, width, nucleation.coverage))
