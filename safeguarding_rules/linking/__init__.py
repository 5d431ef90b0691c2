"""Floor 4: packs to one checked Policy."""
