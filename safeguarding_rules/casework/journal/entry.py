"""What an entry of the journal is, which bytes its hash covers, and how a personal value is committed to.

Comes in: a kind, plain JSON data, personal values by name. Goes out: an entry with its hash. Promised: the hash covers every column of the entry and
the hash of the entry before it; of a personal value it covers only a commitment with a random salt, so that the value can be erased and the hash
still holds. This module must not know where entries are kept.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from safeguarding_rules.casework.canonical import canonical_bytes

SCHEMA: Final = "journal-entry/1"
FIRST: Final = "0" * 64
"""What stands in place of the hash before the first entry."""
SALT: Final = 32
_COMMITMENT: Final = b"safeguarding-rules commitment 1\0"


class Erased:
    """Stands where a personal value was, once it is erased."""

    def __repr__(self) -> str:
        return "ERASED"


ERASED: Final = Erased()


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be appended. `case` is the opaque id of a case, empty for what belongs to none; `personal` holds the values that can be erased."""

    kind: str
    data: Mapping[str, Any]
    case: str = ""
    personal: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is kept. `number` counts the entries of its case from 1; `at` is when it was appended, in UTC."""

    seq: int
    case: str
    number: int
    kind: str
    at: str
    payload: str
    previous: str
    hash: str
    key: str | None = None
    signature: str | None = None
    personal: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def data(self) -> dict[str, Any]:
        """What the entry says, without personal values."""
        found: dict[str, Any] = json.loads(self.payload)["data"]
        return found

    @property
    def commitments(self) -> dict[str, str]:
        """The commitment of each personal value, by name."""
        found: dict[str, str] = json.loads(self.payload)["commitments"]
        return found

    @property
    def erased(self) -> bool:
        """Whether a personal value of the entry is erased."""
        return any(value is ERASED for value in self.personal.values())


@dataclass(frozen=True, slots=True)
class Sealed:
    """A personal value as it is kept beside the chain."""

    name: str
    salt: bytes
    value: str

    @property
    def commitment(self) -> str:
        """What the chain holds of it."""
        return commitment(self.salt, self.value)


def commitment(salt: bytes, value: str) -> str:
    """The commitment to canonical JSON text. Without the salt nobody can try values against it."""
    return hashlib.sha256(_COMMITMENT + salt + value.encode("utf-8", "surrogatepass")).hexdigest()


def seal(personal: Mapping[str, Any]) -> tuple[Sealed, ...]:
    """Each personal value with a salt of its own. Raises ValueError for a value that has no canonical form."""
    return tuple(Sealed(name, secrets.token_bytes(SALT), canonical_text(value)) for name, value in sorted(personal.items()))


def payload_of(data: Mapping[str, Any], sealed: tuple[Sealed, ...]) -> str:
    """The canonical text of what an entry says. Raises ValueError for data that has no canonical form."""
    return canonical_text({"commitments": {one.name: one.commitment for one in sealed}, "data": dict(data)})


def hash_of(  # noqa: PLR0913  every column
    *, seq: int, case: str, number: int, kind: str, at: str, payload: str, previous: str, key: str | None
) -> str:
    """The hash of an entry: SHA-256 over the canonical JSON of all its columns but the signature, which is made of the hash.

    The payload is canonical text already and is put in as it stands, so that any change of its bytes changes the hash.
    """
    signer = "null" if key is None else _text(key)
    head = f'{{"at":{_text(at)},"case":{_text(case)},"key":{signer},"kind":{_text(kind)},"number":{number},"payload":'
    tail = f',"previous":{_text(previous)},"schema":"{SCHEMA}","seq":{seq}}}'
    return hashlib.sha256(f"{head}{payload}{tail}".encode("utf-8", "surrogatepass")).hexdigest()


def canonical_text(value: Any) -> str:  # noqa: ANN401  any JSON
    """Canonical JSON as text. Raises ValueError for what has none."""
    return canonical_bytes(value).decode()


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
