"""Floor 1: what a pack can say."""
