"""What a run leaves behind: its folder, tables and figures."""

from zinterphase import startup as _startup  # noqa: F401  # isort: skip  # before DOLFINx
