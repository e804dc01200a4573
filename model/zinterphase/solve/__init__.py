"""From a case and a domain to a converged state: forms, one Newton loop, continuation."""

import zinterphase.startup  # noqa: F401
