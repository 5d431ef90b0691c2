"""Keys of callers: who may do what until when. The file holds no key, only what tells whether a key is right.

A key is `sgr_ID_SECRET`; SECRET has 256 random bits, so that a salted SHA-256 of it is enough. Promised: comparing takes the same time wherever two
secrets differ; an unknown id costs as much as a wrong secret.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

Scope = Literal["decide", "read", "metrics"]
SCOPES: Final[Mapping[str, str]] = {
    "decide": "decide, explain and ask for the next question",
    "read": "packs, versions and the facts they know",
    "metrics": "figures of the server",
}
_PREFIX: Final = "sgr"


class Key(BaseModel):
    """What is kept of a key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[0-9a-f]{12}$")
    name: str = Field(min_length=1, max_length=200)
    scopes: tuple[Scope, ...] = Field(min_length=1)
    created: AwareDatetime
    expires: AwareDatetime | None = None
    salt: str = Field(pattern=r"^[0-9a-f]{32}$")
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")

    def expired(self, now: datetime) -> bool:
        """Whether the key's time is over."""
        return self.expires is not None and self.expires <= now


class KeyFile(BaseModel):
    """The file of keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Literal["keys/1"] = Field(default="keys/1", alias="schema")
    keys: tuple[Key, ...] = ()

    def to_bytes(self) -> bytes:
        """The file's content."""
        return (json.dumps(self.model_dump(mode="json", by_alias=True), indent=2) + "\n").encode()


class KeyFileError(Exception):
    """The file of keys cannot be used."""


def read_keys(path: Path) -> KeyFile:
    """Read a file of keys. Raises KeyFileError saying why it cannot be used."""
    try:
        return KeyFile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise KeyFileError(f"`{path}` cannot be read: {(error.strerror or 'unknown reason').lower()}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "the file"
        raise KeyFileError(f"`{path}` is not a file of keys: {where}: {first['msg'].lower()}") from error


def new_key(name: str, scopes: Sequence[Scope], created: datetime, expires: datetime | None) -> tuple[str, Key]:
    """Make a key. The text of the key comes first; it is kept nowhere."""
    number, secret, salt = secrets.token_hex(6), secrets.token_urlsafe(32), secrets.token_hex(16)
    return f"{_PREFIX}_{number}_{secret}", Key(
        id=number, name=name, scopes=tuple(scopes), created=created, expires=expires, salt=salt, hash=_hashed(salt, secret)
    )


def _hashed(salt: str, secret: str) -> str:
    return hashlib.sha256(f"{salt}{secret}".encode()).hexdigest()


@dataclass(frozen=True)
class Keys:
    """Tells whose key a text is."""

    by_id: Mapping[str, Key]

    @classmethod
    def of(cls, file: KeyFile) -> Keys:
        """The keys of a file."""
        return cls({key.id: key for key in file.keys})

    def owner(self, given: str, now: datetime | None = None) -> Key | None:
        """The key that a text is, None if it is none or its time is over."""
        prefix, _, rest = given.partition("_")
        number, _, secret = rest.partition("_")
        key = self.by_id.get(number, _NOBODY)
        right = hmac.compare_digest(_hashed(key.salt, secret).encode(), key.hash.encode())
        if not right or prefix != _PREFIX or key is _NOBODY or key.expired(now or datetime.now(UTC)):
            return None
        return key


_NOBODY: Final = Key(id="0" * 12, name="nobody", scopes=("read",), created=datetime(2000, 1, 1, tzinfo=UTC), salt="0" * 32, hash="0" * 64)
