"""The migrations of the journal's schema, run by alembic. One file a version under `versions/`; a version once released is never changed."""
