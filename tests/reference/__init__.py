"""The naive reference: the judge of every interpretation of a pack. It shares no code with the package."""
