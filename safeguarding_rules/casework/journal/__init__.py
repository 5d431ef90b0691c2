"""The journal: an append-only store of entries in SQLite or PostgreSQL, whose every change shows. What it promises: docs/reference/journal.md."""

from safeguarding_rules.casework.journal.entry import ERASED, Draft, Entry, Erased
from safeguarding_rules.casework.journal.journal import Journal
from safeguarding_rules.casework.journal.receipt import Receipt
from safeguarding_rules.casework.journal.signing import PrivateKey, PublicKey
from safeguarding_rules.casework.journal.verify import Verification, verify

__all__ = ["ERASED", "Draft", "Entry", "Erased", "Journal", "PrivateKey", "PublicKey", "Receipt", "Verification", "verify"]
