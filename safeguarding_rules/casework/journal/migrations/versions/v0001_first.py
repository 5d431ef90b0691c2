"""The first version: entries, personal values beside them, and the content of packs."""

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, Text, UniqueConstraint

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SEQ = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, and let the database refuse changes of entries."""
    op.create_table(
        "journal_entry",
        Column("seq", _SEQ, primary_key=True, autoincrement=False),
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
    op.create_table(
        "journal_value",
        Column("seq", _SEQ, ForeignKey("journal_entry.seq"), primary_key=True, autoincrement=False),
        Column("name", Text, primary_key=True),
        Column("salt", LargeBinary, nullable=False),
        Column("value", Text, nullable=False),
    )
    op.create_table("journal_content", Column("digest", Text, primary_key=True), Column("content", LargeBinary, nullable=False))
    statements = _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE_TRIGGERS
    for statement in statements:
        op.execute(statement)


# These stop a slip of the hand or of a program, not somebody who owns the database: for that there is the chain.
SQLITE_TRIGGERS = (
    "CREATE TRIGGER journal_entry_update BEFORE UPDATE ON journal_entry BEGIN SELECT RAISE(ABORT, 'entries of the journal are never changed'); END",
    "CREATE TRIGGER journal_entry_delete BEFORE DELETE ON journal_entry BEGIN SELECT RAISE(ABORT, 'entries of the journal are never deleted'); END",
    "CREATE TRIGGER journal_value_update BEFORE UPDATE ON journal_value BEGIN SELECT RAISE(ABORT, 'values of the journal are never changed'); END",
)
REFUSING = "BEGIN RAISE EXCEPTION 'entries of the journal are never changed or deleted'; END"
_POSTGRESQL = (
    f"CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $${REFUSING}$$",
    "CREATE TRIGGER journal_entry_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()",
    "CREATE TRIGGER journal_value_kept BEFORE UPDATE OR TRUNCATE ON journal_value FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()",
    # Else ANALYZE would copy personal values into the statistics of the server, where erasing does not reach.
    "ALTER TABLE journal_value ALTER COLUMN value SET STATISTICS 0",
    "ALTER TABLE journal_value ALTER COLUMN salt SET STATISTICS 0",
)


def downgrade() -> None:
    """There is no way back from the first version: a journal is not taken down."""
    raise NotImplementedError("the first version of the schema has none before it")
