"""The command line in a folder of its own, for tests of its commands that serve."""

from tests.unit.cli.conftest import command

__all__ = ["command"]
