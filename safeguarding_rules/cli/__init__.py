"""Floor 11: the command line. One module per command, rendering only."""
