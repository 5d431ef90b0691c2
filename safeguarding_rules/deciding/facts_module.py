"""The facts of a stack as a typed Python module, so that a type checker finds misspelt facts and wrong values in a program that decides.

In: a Policy. Out: the text of a module with one TypedDict, `Facts`. Promised: the same Policy gives the same text; the module needs nothing but
`safeguarding_rules.facts`, which is free of everything else.
"""

from __future__ import annotations

import json
import keyword
import textwrap
from collections.abc import Iterator

from safeguarding_rules.deciding.schemas import stack_name
from safeguarding_rules.linking.policy import FactInfo, Policy

_WIDTH = 120


def facts_module(policy: Policy) -> str:
    """Return the text of the module."""
    name = stack_name(policy)
    lowest = policy.packs[-1]
    body = [f'"""The facts of a case by {name}, for type checkers.', "", _made_by(f"{lowest.id}@{lowest.version}"), '"""', ""]
    body += ["from collections.abc import Sequence", "from typing import Literal, TypedDict", ""]
    body += ["from safeguarding_rules.facts import BooleanTest, ChoicesTest, ChoiceTest, IntegerTest", ""]
    for info in policy.facts:
        if info.spec.values:
            body += _values(info)
    body += ["", *(_as_class(policy) if _all_identifiers(policy) else _as_call(policy))]
    return "\n".join(body) + "\n"


def _made_by(pack: str) -> str:
    return f"Written by `safeguarding-rules schema facts {pack} --format python`; do not edit."


def _all_identifiers(policy: Policy) -> bool:
    return all(info.spec.name.isidentifier() and not keyword.iskeyword(info.spec.name) for info in policy.facts)


def _values(info: FactInfo) -> Iterator[str]:
    yield f"{_type_name(info.spec.name)} = Literal["
    yield from (f"    {json.dumps(value)}," for value in info.spec.values)
    yield "]"


def _as_class(policy: Policy) -> Iterator[str]:
    yield ""
    yield "class Facts(TypedDict, total=False):"
    yield '    """What is known of a case; a fact that is left out, or None, is not known."""'
    for info in policy.facts:
        yield ""
        yield f"    {info.spec.name}: {_type(info)}"
        yield from _docstring(info.question)


def _as_call(policy: Policy) -> Iterator[str]:
    yield "Facts = TypedDict("
    yield '    "Facts",'
    yield "    {"
    for info in policy.facts:
        yield from (f"        # {line}" for line in textwrap.wrap(info.question, _WIDTH - 10))
        yield f"        {json.dumps(info.spec.name)}: {_type(info)},"
    yield "    },"
    yield "    total=False,"
    yield ")"
    yield '"""What is known of a case; a fact that is left out, or None, is not known."""'


def _docstring(text: str) -> list[str]:
    safe = text.replace("\\", "\\\\").replace('"', "'")
    lines = textwrap.wrap(safe, _WIDTH - 10)
    return [f'    """{lines[0]}"""'] if len(lines) == 1 else [f'    """{lines[0]}', *(f"    {line}" for line in lines[1:]), '    """']


def _type(info: FactInfo) -> str:
    name = _type_name(info.spec.name)
    match info.spec.type:
        case "boolean":
            return "bool | BooleanTest | None"
        case "integer":
            return "int | IntegerTest | None"
        case "choice":
            return f"{name} | ChoiceTest[{name}] | None"
        case "choices":
            return f"Sequence[{name}] | ChoicesTest[{name}] | None"


def _type_name(fact: str) -> str:
    return "".join(part.capitalize() for part in fact.replace("-", "_").split("_"))
