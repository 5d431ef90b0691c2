"""The tables of the journal, as this version of the library reads and writes them. The migrations make them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

SCHEMA_VERSION: Final = "0001"
"""The revision of the migrations that this version needs."""
VERSION_TABLE: Final = "journal_version"

metadata = MetaData()

SEQ: Final = BigInteger().with_variant(Integer(), "sqlite")

entries = Table(
    "journal_entry",
    metadata,
    Column("seq", SEQ, primary_key=True, autoincrement=False),
    Column("case_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("key_id", Text, nullable=True),
    Column("signature", Text, nullable=True),
    UniqueConstraint("case_id", "number", name="journal_entry_case"),
)

values = Table(
    "journal_value",
    metadata,
    Column("seq", SEQ, ForeignKey("journal_entry.seq"), primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("value", Text, nullable=False),
)

contents = Table(
    "journal_content",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
