"""Sites of an oxide's surface for protons."""

from zinterphase.case.quantities import Acidity, SiteDensity
from zinterphase.case.table import Table
from zinterphase.materials.library import parameter


class Sites(Table):
    """One proton each, half an elementary charge with and minus half without (1-pK)."""

    pH_pzc: Acidity = parameter("tio2.pH_pzc").si  # noqa: N815
    site_density: SiteDensity = parameter("tio2.site_density").si
