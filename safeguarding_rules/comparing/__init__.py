"""Floor 8: two policies, or two decisions, side by side."""
