"""Everything that judges the engine."""
