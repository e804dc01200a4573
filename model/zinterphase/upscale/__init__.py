"""From resolved particles to the effective numbers of a layer."""

import zinterphase.startup  # noqa: F401
