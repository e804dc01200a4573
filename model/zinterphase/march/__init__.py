"""Through time: one step, how long the next may be, what ends a protocol's steps."""

import zinterphase.startup  # noqa: F401
