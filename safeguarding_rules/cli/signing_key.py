"""The private key that signs what a command writes to a journal."""

from __future__ import annotations

import os

from safeguarding_rules.casework.journal import PrivateKey

PASSWORD = "SAFEGUARDING_RULES_KEY_PASSWORD"  # noqa: S105  the name of a variable


def signing_key(path: str | None) -> PrivateKey | None:
    """Read a key, under the password of the environment if there is one. Raises JournalError."""
    return None if path is None else PrivateKey.read(path, key_password())


def key_password() -> bytes | None:
    """The password of the environment."""
    given = os.environ.get(PASSWORD)
    return given.encode() if given else None
