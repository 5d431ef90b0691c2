"""The packs here are wrong on purpose, or parts of tests: the pytest plugin does not collect them."""

collect_ignore = ["bad", "good"]
