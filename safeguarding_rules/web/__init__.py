"""Floor 10: what is shown over HTTP. `api` answers programs, `workbench` shows authors their packs. Rendering only: no policy is decided here."""
