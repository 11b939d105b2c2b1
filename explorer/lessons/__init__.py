"""Claims to check and experiments to run, as data."""
