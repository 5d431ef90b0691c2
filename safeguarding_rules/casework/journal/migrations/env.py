"""Runs the migrations on the connection it is handed. Loaded by alembic, never imported."""

from alembic import context

from safeguarding_rules.casework.journal.tables import VERSION_TABLE, metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSION_TABLE, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
