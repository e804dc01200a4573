"""Many runs side by side: the same surfaces and currents, records kept, tables over seeds."""
