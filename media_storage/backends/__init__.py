"""Where bytes go: the picture decoder in its own process, and the stores."""
