"""What a run leaves behind: its folder, tables and figures."""

import zinterphase.startup  # noqa: F401
