"""Floor 9: is the policy right? The packs of some places, their cases, and what the cases exercise."""
