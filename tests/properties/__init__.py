"""Property tests: one row per claim in the README beside this file."""
