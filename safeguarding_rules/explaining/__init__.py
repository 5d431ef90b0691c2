"""Floor 6: why."""
