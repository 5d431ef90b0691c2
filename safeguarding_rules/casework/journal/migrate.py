"""Brings the schema of a journal up to date, with alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from safeguarding_rules.casework.journal.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database, *, scripts: Path = MIGRATIONS) -> None:
    """Run the migrations that a database still lacks, in one transaction: all of them or none. Raises JournalError."""
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
