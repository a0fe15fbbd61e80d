"""Settings: base, and one short module for each kind of place."""
