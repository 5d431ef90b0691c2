"""Proving: what holds for every possible case of a stack of packs, or a case in which it does not."""
