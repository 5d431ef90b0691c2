"""Floor 5: Policy to Program to Decision."""
