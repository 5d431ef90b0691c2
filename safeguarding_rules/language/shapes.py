"""The small shapes every document is made of: names, texts, dates, versions, intervals; and how a model says in our words what is wrong.

In: plain data as the reader gives it. Out: pydantic types. Promised: what a model refuses, it refuses with one of our codes or with an error
that `reading/` can word, always at the path of the value; every problem of a document at once. JSON Schema can say everything a model
checks: what it cannot say (an interval that holds no day) is checked in `coherence.py`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar
from unicodedata import combining, normalize

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from safeguarding_rules.diagnostics import closest, suggest
from safeguarding_rules.language.words import MOST_PROBLEMS, ODD_SPACE, RESERVED, describe

T = TypeVar("T")

NAME = r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$"
REFERENCE = r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*(/[a-z][a-z0-9]*([_-][a-z0-9]+)*){0,2}$"
QUALIFIED = r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*(/[a-z][a-z0-9]*([_-][a-z0-9]+)*){1,2}$"
CITATION = r"^[A-Z][A-Za-z0-9.]*(-[A-Za-z0-9.]+)*$"
FINDING = r"^SR[0-9]{3}$"
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
VERSION = r"^[0-9]{1,9}(\.[0-9]{1,9}){0,5}$"
WEB_ADDRESS = r"^https?://[^\s/$.?#][^\s]*$"
DEADLINE = (
    r"^(immediately|same_day|[1-9][0-9]{0,2} working days?"
    r"|P(?=[0-9]|T[0-9])([0-9]{1,3}Y)?([0-9]{1,3}M)?([0-9]{1,3}W)?([0-9]{1,4}D)?(T(?=[0-9])([0-9]{1,5}H)?([0-9]{1,6}M)?([0-9]{1,7}S)?)?)$"
)
LARGEST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with plain data: a code, words, and the path from the data; `key` means the key itself is what is wrong."""

    code: str
    message: str
    path: tuple[str | int, ...] = ()
    help: str | None = None
    key: bool = False


def refusal(problems: Iterable[Problem], data: object, others: Iterable[InitErrorDetails] = ()) -> ValidationError:
    """Return the pydantic error that carries these problems, each at its path."""
    details = (InitErrorDetails(type=_custom(problem), loc=problem.path, input=data) for problem in problems)
    return ValidationError.from_exception_data("document", list(islice(chain(others, details), MOST_PROBLEMS)))


def _custom(problem: Problem) -> PydanticCustomError:
    # The template is a constant so that braces in an author's text are never read as places to fill.
    context = {"message": problem.message, "help": problem.help, "key": problem.key}
    return PydanticCustomError(problem.code, "{message}", context)


class Document(BaseModel):
    """Any mapping of a pack: frozen, no unknown keys, no conversions; says in our words what is wrong, everything at once."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, protected_namespaces=())

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = ()
    """What `beyond_fields` checks, as JSON Schema rules."""

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Yield what is wrong between the keys of the mapping; every check here has its counterpart in `schema_rules`."""
        del data
        yield from ()

    @model_validator(mode="wrap")
    @classmethod
    def _in_our_words(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        problems = [*_empty_keys(data, cls), *cls.beyond_fields(data)] if isinstance(data, Mapping) else []
        try:
            document = handler(data)
        except ValidationError as error:
            refused = {problem.path[0] for problem in problems if problem.code == "SR211"}  # what stands there is not looked into
            others = (one for one in _reworded(error, cls, data) if not refused.intersection(one.get("loc", ())[:1]))
            raise refusal(problems, data, others) from None
        if problems:
            raise refusal(problems, data)
        return document


def keys_of(model: type[BaseModel]) -> list[str]:
    """Return the keys a document's mapping may have, as an author writes them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _empty_keys(data: Mapping[Any, Any], model: type[BaseModel]) -> Iterator[Problem]:
    # A key with nothing after it is a slip; read as "not given", a forgotten `unless` would be silently dropped.
    for key in keys_of(model):
        if key in data and data[key] is None:
            yield Problem("SR208", f"nothing is written after `{key}`", (key,), "write a value, or delete the key", key=True)


def _reworded(error: ValidationError, model: type[BaseModel], data: object) -> Iterator[InitErrorDetails]:
    given: Mapping[Any, Any] = data if isinstance(data, Mapping) else {}
    for found in error.errors(include_url=False):
        kind, path = found["type"], found["loc"]
        detail = InitErrorDetails(type=kind, loc=path, input=found["input"], ctx=found.get("ctx", {}))
        if kind.startswith("SR"):
            detail["type"] = PydanticCustomError(kind, "{message}", found["ctx"])
        elif kind == "too_short" and len(found["input"]) >= found["ctx"]["min_length"]:
            # The list is not short: some of its members are refused, and are reported themselves.
            continue
        elif len(path) == 1 and kind == "extra_forbidden":
            detail["type"] = _custom(_unknown_key(str(path[0]), [key for key in keys_of(model) if key not in given] or keys_of(model)))
        elif len(path) == 1 and kind == "missing":
            if _is_misspelt(model, given, (str(path[0]),)):
                continue
            detail["type"], detail["loc"] = _custom(Problem("SR202", f"key `{path[0]}` is missing")), ()
        elif len(path) == 1 and path[0] in given and given[path[0]] is None:
            continue
        yield detail


def meant(key: str, known: Iterable[str]) -> str | None:
    """Return the key that a wrong one looks like, None where nothing is close; what follows a space that is none does not count."""
    return closest(ODD_SPACE.split(key, maxsplit=1)[0].strip(" :"), known)


def _unknown_key(key: str, known: list[str]) -> Problem:
    if odd := ODD_SPACE.search(key):
        remedy = f"an invisible character (U+{ord(odd[0]):04X}) stands where a space should be: type a space in its place"
        return Problem("SR203", f"unknown key `{ODD_SPACE.sub(' ', key)}`", (), remedy, key=True)
    remedy = suggest(key, known) or f"known here: {', '.join(f'`{name}`' for name in known)}"
    return Problem("SR203", f"unknown key `{key}`", (), remedy, key=True)


def _is_misspelt(model: type[BaseModel], data: Mapping[Any, Any], keys: tuple[str, ...]) -> bool:
    """Say whether a key that is refused as unknown looks like one of the keys; saying that those are missing would be noise."""
    if model.model_config.get("extra") != "forbid":
        return False
    known = keys_of(model)
    return any(meant(str(key), known) in keys for key in data if key not in known)


def exactly_one(model: type[BaseModel], data: Mapping[str, Any], keys: tuple[str, ...], what: str) -> Iterator[Problem]:
    """Yield a problem unless exactly one of the keys is given; `what` names the thing in plain words."""
    given = [key for key in keys if key in data]
    listed = ", ".join(f"`{key}`" for key in keys)
    if not given and not _is_misspelt(model, data, keys):
        yield Problem("SR210", f"{what} needs one of {listed}")
    for surplus in given[1:]:
        yield Problem("SR210", f"{what} has `{given[0]}` and `{surplus}`, but takes one of {listed}", (surplus,), key=True)


def one_required(*keys: str) -> dict[str, Any]:
    """Return the JSON Schema rule for `exactly_one`."""
    return {"oneOf": [{"required": [key]} for key in keys]}


def at_least_one(model: type[BaseModel], data: Mapping[str, Any], keys: tuple[str, ...], what: str) -> Iterator[Problem]:
    """Yield a problem if none of the keys is given."""
    if not any(key in data for key in keys) and not _is_misspelt(model, data, keys):
        yield Problem("SR202", f"{what} needs at least one of {', '.join(f'`{key}`' for key in keys)}")


def some_required(*keys: str) -> dict[str, Any]:
    """Return the JSON Schema rule for `at_least_one`."""
    return {"anyOf": [{"required": [key]} for key in keys]}


def _matching(pattern: str, problem: Callable[[str], Problem]) -> AfterValidator:
    compiled = re.compile(pattern.removesuffix("$") + r"\Z")

    def check(value: str) -> str:
        if compiled.match(value) is None:
            raise _custom(problem(value))
        return value

    return AfterValidator(check)


def name_problem(value: object, path: tuple[str | int, ...] = ()) -> Problem | None:
    """Return what is wrong with a name, or None."""
    if not isinstance(value, str):
        return Problem("SR201", f"expected a name, found {describe(value)}", path)
    if re.fullmatch(NAME, value) is None or value.endswith("\n"):
        letters = normalize("NFKD", value.strip().lower())
        likely = re.sub(r"[^a-z0-9]+", "_", "".join(one for one in letters if not combining(one))).strip("_")
        remedy = f"write `{likely}`" if re.fullmatch(NAME, likely) else "names are lower case with `_` or `-` and start with a letter"
        return Problem("SR205", f"`{value}` is not a name", path, remedy)
    if value in RESERVED:
        return Problem("SR205", f"`{value}` is a word of the language and cannot be a name", path, "choose another name")
    return None


def _name(value: str) -> str:
    if problem := name_problem(value):
        raise _custom(problem)
    return value


def _text(value: str) -> str:
    if not value.strip():
        raise _custom(Problem("SR208", "the text is empty"))
    return value


def _deadline_remedy(value: str) -> str:
    number = re.match(r"\d+", value.strip())
    if number is None:
        near = suggest(value, ["immediately", "same_day"])
    elif int(number[0][:4]) == 0:
        return "working days count from 1: write `immediately` or `same_day`"
    else:
        days = f"{number[0].lstrip('0')} working day{'' if number[0].lstrip('0') == '1' else 's'}"
        near = suggest(value, [days])
    return near or "write `immediately`, `same_day`, `2 working days`, or a duration such as `PT24H`"


def _date(value: object) -> date:
    if isinstance(value, str) and re.fullmatch(DATE, value) and not value.endswith("\n"):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, date):
        return value
    raise _custom(Problem("SR206", f"expected a date, found {describe(value)}", (), "dates are written year-month-day, such as `2024-03-11`"))


def _version(value: object) -> object:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise _custom(Problem("SR207", "the version is not in quotes", (), "without quotes a version is a number, and 1.10 would be 1.1"))
    return value


def _yes(value: object) -> object:
    # To Python, 1 is True; to an author it is a number.
    if value is not True:
        raise _custom(Problem("SR204", f"expected `true`, found {describe(value)}", (), "write `true`, or leave the key out"))
    return value


def repeated(values: Sequence[object]) -> list[int]:
    """Return the places of plain values that stood in the list before. True is not 1 here."""
    seen: set[tuple[type, object]] = set()
    places: list[int] = []
    for place, value in enumerate(values):
        if isinstance(value, (str, int)):
            if (type(value), value) in seen:
                places.append(place)
            seen.add((type(value), value))
    return places


def unique(values: tuple[T, ...]) -> tuple[T, ...]:
    """Refuse a list that names the same thing twice."""
    if problems := [Problem("SR215", f"{describe(values[place])} is listed twice", (place,)) for place in repeated(values)]:
        raise refusal(problems, values)
    return values


NAME_SCHEMA: dict[str, Any] = {"type": "string", "pattern": NAME, "not": {"enum": sorted(RESERVED)}}

Name = Annotated[str, AfterValidator(_name), WithJsonSchema({"x-definition": "Name"})]
Text = Annotated[str, AfterValidator(_text), WithJsonSchema({"type": "string", "pattern": r"\S"})]
Day = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date", "pattern": DATE})]
Version = Annotated[
    str,
    _matching(VERSION, lambda value: Problem("SR220", f"`{value}` is not a version", (), 'a version is numbers with dots, such as "2024.3"')),
    BeforeValidator(_version),
    WithJsonSchema({"type": "string", "pattern": VERSION}),
]
Citation = Annotated[
    str,
    _matching(CITATION, lambda value: Problem("SR221", f"`{value}` is not the id of a statement", (), "ids look like `UKCIS-2024-REF-1`")),
    WithJsonSchema({"type": "string", "pattern": CITATION}),
]
Reference = Annotated[
    str,
    _matching(REFERENCE, lambda value: Problem("SR221", f"`{value}` is not the name of a part of a pack", (), "such as `adult-involved`")),
    WithJsonSchema({"type": "string", "pattern": REFERENCE}),
]
QualifiedName = Annotated[
    str,
    _matching(QUALIFIED, lambda value: Problem("SR221", f"`{value}` does not name a rule of a pack above", (), "write `pack/rule`")),
    WithJsonSchema({"type": "string", "pattern": QUALIFIED}),
]
FindingCode = Annotated[
    str,
    _matching(FINDING, lambda value: Problem("SR204", f"`{value}` is not the code of a finding", (), "codes look like `SR601`")),
    WithJsonSchema({"type": "string", "pattern": FINDING}),
]
WebAddress = Annotated[
    str,
    _matching(WEB_ADDRESS, lambda value: Problem("SR201", f"`{value}` is not a web address", (), "web addresses start with `https://`")),
    WithJsonSchema({"type": "string", "pattern": WEB_ADDRESS}),
]
Within = Annotated[
    str,
    _matching(
        DEADLINE,
        lambda value: Problem(
            "SR214",
            f"`{value}` is not a deadline",
            (),
            _deadline_remedy(value),
        ),
    ),
    WithJsonSchema({"type": "string", "pattern": DEADLINE}),
]
Whole = Annotated[int, Field(ge=-LARGEST, le=LARGEST)]
Items = Annotated[tuple[T, ...], Field(strict=False)]
OneOrMore = Annotated[tuple[T, ...], Field(strict=False, min_length=1)]
Yes = Annotated[Literal[True], BeforeValidator(_yes)]
_UNIQUE: dict[str, Any] = {"uniqueItems": True}
Names = Annotated[tuple[Name, ...], Field(strict=False, min_length=1, json_schema_extra=_UNIQUE), AfterValidator(unique)]
Citations = Annotated[tuple[Citation, ...], Field(strict=False, min_length=1, json_schema_extra=_UNIQUE), AfterValidator(unique)]
References = Annotated[tuple[Reference, ...], Field(strict=False, min_length=1, json_schema_extra=_UNIQUE), AfterValidator(unique)]


class InForce(Document):
    """The days something is in force: `from` is the first, `until` the first no longer included."""

    from_: Day = Field(alias="from", description="First day in force, such as 2024-03-11.")
    until: Day | None = Field(default=None, description="First day no longer in force; leave out where there is no end.")

    def holds_on(self, day: date) -> bool:
        """Say whether the day lies in the interval."""
        return self.from_ <= day and (self.until is None or day < self.until)


class PartInForce(Document):
    """The days a part of a pack is in force, inside the pack's own."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (some_required("from", "until"),)

    from_: Day | None = Field(default=None, alias="from", description="First day in force; without it, as early as the pack.")
    until: Day | None = Field(default=None, description="First day no longer in force; without it, as long as the pack.")

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Require `from` or `until`."""
        yield from at_least_one(cls, data, ("from", "until"), "`in_force`")

    def holds_on(self, day: date) -> bool:
        """Say whether the day lies in the interval."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day < self.until)
