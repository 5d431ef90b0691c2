"""What a database says when something is wrong, in words that say what to do."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DataError, DBAPIError

from safeguarding_rules.diagnostics import Diagnostic, JournalError

_SQLITE = {
    sqlite3.SQLITE_FULL: ("SR945", "there is no space left"),
    sqlite3.SQLITE_READONLY: ("SR944", "it may not be written"),
    sqlite3.SQLITE_CANTOPEN: ("SR944", "it cannot be opened"),
    sqlite3.SQLITE_PERM: ("SR944", "it may not be opened"),
    sqlite3.SQLITE_BUSY: ("SR946", "somebody else is writing"),
    sqlite3.SQLITE_LOCKED: ("SR946", "somebody else is writing"),
    sqlite3.SQLITE_IOERR: ("SR945", "the disk did not take it"),
    sqlite3.SQLITE_CORRUPT: ("SR948", "the file is damaged"),
    sqlite3.SQLITE_NOTADB: ("SR948", "the file is no SQLite database, or is damaged"),
}
# By SQLSTATE, and by its class.
_POSTGRESQL = {
    "53100": ("SR945", "there is no space left"),
    "53": ("SR947", "the server has no room for this"),
    "25006": ("SR944", "it may not be written"),
    "42501": ("SR944", "this role may not do that"),
    "28": ("SR944", "the server does not let this role in"),
    "55P03": ("SR946", "somebody else is writing"),
    "40": ("SR946", "somebody else is writing"),
    "57": ("SR947", "the server is stopping"),
    "08": ("SR947", "the server does not answer"),
    "58": ("SR945", "the disk of the server did not take it"),
    "XX": ("SR948", "the server says that data are damaged"),
}
_REMEDIES = {
    "SR924": "look for characters that are no text, and numbers that are too large",
    "SR944": "check the permissions of the file and its folder, or of the role; then try again",
    "SR945": "make room on the disk; then try again",
    "SR946": "try again; if it stays so, find out which program holds the journal",
    "SR947": "check that the server runs and can be reached; then try again",
    "SR948": "stop writing, keep this copy, and restore the latest good one; `safeguarding-rules journal verify` names what is wrong",
}


class CommitUnknownError(Exception):
    """The server went while it committed."""


def gone(error: DBAPIError) -> bool:
    """Whether the connection is lost."""
    state = getattr(error.orig, "sqlstate", None)
    refused = isinstance(error.orig, sqlite3.Error) or isinstance(error, DataError)
    return error.connection_invalidated or (not refused and (state is None or state[:2] in {"57", "08"}))


def trouble(error: BaseException, name: str, *, writing: bool) -> Diagnostic:
    """The finding for an error of the database."""
    code, what = _classified(error)
    kept = "; nothing was kept" if writing else ""
    return Diagnostic(code, "error", f"the journal `{name}` cannot be {'written' if writing else 'read'}: {what}{kept}", help=_REMEDIES[code])


def unknown(name: str) -> JournalError:
    """The error where nobody can say whether entries were kept."""
    message = f"the server of `{name}` went while it was writing, and whether the entries were kept is not known"
    remedy = "once the server answers, read the case again before you write to it"
    return JournalError([Diagnostic("SR947", "error", message, help=remedy)])


def _classified(error: BaseException) -> tuple[str, str]:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        number = getattr(cause, "sqlite_errorcode", 0)
        return _SQLITE.get(number & 0xFF, ("SR948", str(cause)))
    if isinstance(error, DataError):
        return "SR924", "it does not take what was given"
    if isinstance(error, DBAPIError):
        state = getattr(cause, "sqlstate", None)
        return (
            ("SR947", "the server does not answer")
            if state is None
            else _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2]) or ("SR948", f"the server says {state}")
        )
    if isinstance(error, OSError):
        return "SR944", (error.strerror or "unknown reason").lower()
    if isinstance(error, UnicodeDecodeError):  # SQLite quotes damaged bytes in what it says
        return "SR948", "the file is damaged"
    return "SR948", str(error).splitlines()[0]
