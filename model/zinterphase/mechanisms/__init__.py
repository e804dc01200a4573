"""Which mechanism, or which uncertain number, does what to an anode: switched, ranged, told."""
