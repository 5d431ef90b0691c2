"""Linked policies kept from one process to the next.

In: a cache folder, the places to look for packs, a pack's name, and a day. Out: the Policy that linking gave before for exactly the same files, or
nothing. Promised: an entry is only found while every file of every pack in those places, and the library itself, is what it was when the packs were
read, checked against their locks and linked; so a pack whose files were changed is read, and refused, anew.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from safeguarding_rules.linking.policy import Policy
from safeguarding_rules.linking.policy_data import policy_from_json, policy_to_json
from safeguarding_rules.reading.cache_folder import CacheFolder
from safeguarding_rules.reading.fingerprint import fingerprint, library_fingerprint

_NAME = re.compile(r"[a-z][a-z0-9_-]*(@[0-9.]+)?")
_EVER = "ever"


class KeptPolicies:
    """The policies kept for one name. An entry's key is a digest of all it was made from, and the days between which it holds."""

    def __init__(self, cache: CacheFolder, paths: Iterable[Path], name: str) -> None:
        self._cache = cache
        self._paths = tuple(paths)
        self._name = name
        self._key = self._key_now()

    def _key_now(self) -> str | None:
        state = fingerprint(self._paths) if _NAME.fullmatch(self._name) and not Path(self._name).exists() else None
        return None if state is None else hashlib.sha256(f"{library_fingerprint()} {state} {self._name}".encode()).hexdigest()

    def find(self, on: date) -> Policy | None:
        """Return the Policy kept for a day."""
        if self._key is None:
            return None
        for key in self._cache.entries():
            digest, _, days = key.partition(".")
            if digest != self._key or not _holds(days, on):
                continue
            content = self._cache.get(key)
            policy = None if content is None else policy_from_json(content)
            if policy is not None and key == self._entry(policy):
                return policy
        return None

    def keep(self, policy: Policy) -> None:
        """Keep a Policy that was read, checked and linked just now, unless files changed meanwhile."""
        if self._key is not None and self._key == self._key_now():
            self._cache.put(self._entry(policy), policy_to_json(policy).encode())

    def _entry(self, policy: Policy) -> str:
        start, end = (_EVER if day is None else day.isoformat() for day in (policy.valid_from, policy.valid_until))
        return f"{self._key}.{start}.{end}"


def _holds(days: str, on: date) -> bool:
    start, _, end = days.partition(".")
    return (start == _EVER or start <= on.isoformat()) and (end == _EVER or on.isoformat() < end)
