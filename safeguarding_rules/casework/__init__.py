"""Floor 9: one case over time. Live cases, decision records, journal, replay."""
