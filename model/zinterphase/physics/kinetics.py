"""Rate laws of an electrode reaction, written as an oxidation that gives off n electrons."""

from zinterphase.expressions import Expr
from zinterphase.physics.functions import exp


def butler_volmer(
    overpotential: Expr,
    exchange_current_density: Expr,
    alpha_anodic: Expr,
    alpha_cathodic: Expr,
    ln_made: Expr = None,
    ln_used: Expr = None,
) -> Expr:
    """Faradaic current density [A/m2], positive for oxidation.

    ``overpotential`` is the metal potential minus the potential at the plane of reaction minus the
    equilibrium potential at the reference composition, in units of RT/F. ``ln_made`` and
    ``ln_used`` are sums of |s| ln a over the ions that oxidation makes and uses up, with activities
    at the plane of reaction over those of the reference composition; None where there are no such
    ions (Frumkin's correction enters through them and through the overpotential). Mass action: the
    law vanishes where both sides are in equilibrium for ``alpha_anodic + alpha_cathodic = n`` only.
    Newman & Thomas-Alyea, Electrochemical Systems, eq. 8.23; Frumkin, 1933.
    """
    anodic = alpha_anodic * overpotential
    cathodic = -alpha_cathodic * overpotential
    anodic = anodic if ln_used is None else ln_used + anodic
    cathodic = cathodic if ln_made is None else ln_made + cathodic
    return exchange_current_density * (exp(anodic) - exp(cathodic))


def linear_kinetics(
    overpotential: Expr, exchange_current_density: Expr, electrons: int, ln_quotient: Expr
) -> Expr:
    """Linearised Butler-Volmer law [A/m2]: i = i0 (n eta - ln Q), i.e. R_ct = RT/(n F i0).

    ``ln_quotient`` is ``ln_made - ln_used`` of :func:`butler_volmer`.
    """
    return exchange_current_density * (electrons * overpotential - ln_quotient)


def tafel(
    overpotential: Expr,
    exchange_current_density: Expr,
    alpha: Expr,
    sign: float,
    ln_factor: Expr = None,
) -> Expr:
    """Faradaic current density [A/m2] of an irreversible reaction, one branch of Butler & Volmer's.

    ``sign`` is 1 for an oxidation, -1 for a reduction, ``alpha`` its transfer coefficient.
    ``overpotential`` is as at :func:`butler_volmer`, ``ln_factor`` the sum of orders times ln a of
    what the rate depends on. Tafel, 1905; Newman & Thomas-Alyea, Electrochemical Systems, ch. 8.
    """
    exponent = sign * alpha * overpotential
    exponent = exponent if ln_factor is None else exponent + ln_factor
    return sign * exchange_current_density * exp(exponent)
