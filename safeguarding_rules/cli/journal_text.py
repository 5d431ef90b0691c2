"""What `journal verify` prints."""

from __future__ import annotations

from safeguarding_rules.casework.journal import Verification
from safeguarding_rules.casework.printed import JournalVerification, VerificationFinding
from safeguarding_rules.cli.terminal import counted


def verification_text(found: Verification, *, receipts: int, keys: int) -> str:
    """The text to read."""
    lines = [f"{one.severity} {one.code}: {one.message}" + (f"\n   = help: {one.help}" if one.help else "") for one in found.findings]
    entries = "1 entry" if found.entries == 1 else f"{found.entries} entries"
    erased = f", {found.erased} erased" if found.erased else ""
    lines.append(
        f"{entries}, {counted(found.values, 'personal value')}{erased}: {'sound' if found.sound else counted(len(found.findings), 'finding')}"
    )
    if found.sound and not receipts:
        lines.append("not known: whether the end was cut off, or all of it written anew; --expect-head with a receipt kept elsewhere says so")
    if found.signed and not keys:
        signed = "1 entry is signed" if found.signed == 1 else f"{found.signed} entries are signed"
        lines.append(f"not known: whose keys signed ({signed}); --public-key with a key kept elsewhere says so")
    return "\n".join(lines)


def verification_json(found: Verification) -> str:
    """The JSON for programs."""
    return JournalVerification(
        sound=found.sound,
        entries=found.entries,
        values=found.values,
        erased=found.erased,
        signed=found.signed,
        head=None if found.head is None else str(found.head),
        findings=tuple(VerificationFinding(code=one.code, message=one.message, help=one.help) for one in found.findings),
    ).model_dump_json(by_alias=True, indent=2)
