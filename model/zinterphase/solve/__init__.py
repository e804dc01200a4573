"""From a case and a domain to a converged state: forms, one Newton loop, continuation."""

from zinterphase import startup as _startup  # noqa: F401  # isort: skip  # before DOLFINx
