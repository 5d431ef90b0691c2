"""Floor 2: all possible cases, exactly."""
