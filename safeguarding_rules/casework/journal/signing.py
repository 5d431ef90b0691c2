"""Ed25519 signatures of entries, from the `cryptography` library.

Comes in: the hash of an entry. Goes out: a signature, and whether one is right. Keys are PEM files (PKCS#8, and SubjectPublicKeyInfo), which OpenSSL
writes and reads too. The journal never holds a private key; who keeps it and where: docs/how-to/keep-records.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from safeguarding_rules.diagnostics import Diagnostic, JournalError

_SIGNED = b"safeguarding-rules journal entry 1\0"


@dataclass(frozen=True)
class PublicKey:
    """Checks signatures. `id` is the key itself, its 32 bytes in hex: so that a signature can be checked against the key that the entry names."""

    key: Ed25519PublicKey

    @property
    def id(self) -> str:
        """How entries name the key."""
        return self.key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()

    def signed(self, digest: str, signature: str) -> bool:
        """Whether the key signed the hash of an entry. A signature is written in one way only: in small hex digits."""
        try:
            raw = bytes.fromhex(signature)
            self.key.verify(raw, _SIGNED + bytes.fromhex(digest))
        except (InvalidSignature, ValueError):
            return False
        return raw.hex() == signature

    @classmethod
    def named(cls, name: str) -> PublicKey | None:
        """The key of an id; None where the id is that of no key."""
        try:
            return cls(Ed25519PublicKey.from_public_bytes(bytes.fromhex(name)))
        except ValueError:
            return None

    def pem(self) -> bytes:
        """The key as a file."""
        return self.key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    @classmethod
    def read(cls, path: Path | str) -> PublicKey:
        """Read a public key file. Raises JournalError."""
        try:
            key = serialization.load_pem_public_key(_content(path))
        except (ValueError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PublicKey):
            raise _not_a_key(path, "public")
        return cls(key)


@dataclass(frozen=True, repr=False)
class PrivateKey:
    """Signs entries."""

    key: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """The key that checks what this one signs."""
        return PublicKey(self.key.public_key())

    def sign(self, digest: str) -> str:
        """The signature of the hash of an entry."""
        return self.key.sign(_SIGNED + bytes.fromhex(digest)).hex()

    def pem(self, password: bytes | None = None) -> bytes:
        """The key as a file, under a password if one is given."""
        lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)

    @classmethod
    def new(cls) -> PrivateKey:
        """Make a key from the random numbers of the system."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, path: Path | str, password: bytes | None = None) -> PrivateKey:
        """Read a private key file. Raises JournalError."""
        try:
            key = serialization.load_pem_private_key(_content(path), password)
        except TypeError:
            problem = "is under a password" if password is None else "is not under a password"
            raise JournalError([Diagnostic("SR949", "error", f"the key `{path}` {problem}", help="give the password it was made with")]) from None
        except (ValueError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise _not_a_key(path, "private")
        return cls(key)


def _content(path: Path | str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise JournalError([Diagnostic("SR949", "error", f"the key `{path}` cannot be read: {reason}", help="check the path")]) from None


def _not_a_key(path: Path | str, kind: str) -> JournalError:
    remedy = "`safeguarding-rules journal key FILE` makes a pair; a wrong password reads the same"
    return JournalError([Diagnostic("SR949", "error", f"`{path}` is not an Ed25519 {kind} key in PEM", help=remedy)])
