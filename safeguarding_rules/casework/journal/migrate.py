"""Brings the schema of a journal up to date, with alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from safeguarding_rules.casework.journal.database import Database


def migrate(database: Database) -> None:
    """Run the migrations that a database still lacks, in one transaction. Raises JournalError."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
