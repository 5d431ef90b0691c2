"""Seeded faults: each must be found by the property tests."""
