"""Plain immutable values, made cheaply.

Promised: values of a class under `@frozen` are what `@dataclass(frozen=True, slots=True)` makes of them, to their users, to `dataclasses` and to
pydantic. Of a dataclass six functions are compiled, which for all the classes that one decision needs took a fifth of a whole process; here only
`__init__` is, and the others are shared. A class that needs one of these functions of its own is a plain dataclass; what inherits from a `@frozen`
class is `@frozen`, too.
Source: docs/decisions/0022-values-made-cheaply.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, cast, dataclass_transform

T = TypeVar("T")

_SET = object.__setattr__
_SHARED = frozenset({"__init__", "__eq__", "__hash__", "__repr__", "__setattr__", "__delattr__", "__getstate__", "__setstate__"})


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class with annotated fields one of plain immutable values.

    Raises TypeError if it has a function of its own that all such classes share.
    """
    if own_functions := sorted(_SHARED & cls.__dict__.keys()):
        raise TypeError(f"{cls.__qualname__} has its own {', '.join(own_functions)}: make it a dataclass")
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    own = fields(made)
    made.__init__ = _init(own, after=hasattr(made, "__post_init__"))
    made.__init__.__qualname__ = f"{made.__qualname__}.__init__"
    made.__eq__, made.__hash__ = _comparing([one.name for one in own if one.compare])
    made.__repr__ = _repr
    made.__setattr__, made.__delattr__ = _no_assigning, _no_deleting
    made.__getstate__, made.__setstate__ = _state, _restore
    return cast(type[T], made)


def _init(own: Sequence[Field[Any]], *, after: bool) -> Callable[..., None]:
    """Compile an `__init__`; the only text in it that is not fixed is names of fields."""
    known: dict[str, Any] = {"_set": _SET, "_unset": MISSING}
    takes, does = ["self"], []
    for one in sorted((one for one in own if one.init), key=lambda one: bool(one.kw_only)):
        name, given = one.name, one.name
        if one.kw_only and "*" not in takes:
            takes.append("*")
        if one.default_factory is not MISSING:
            known[f"_new_{name}"] = one.default_factory
            takes.append(f"{name}=_unset")
            given = f"_new_{name}() if {name} is _unset else {name}"
        elif one.default is not MISSING:
            known[f"_default_{name}"] = one.default
            takes.append(f"{name}=_default_{name}")
        else:
            takes.append(name)
        does.append(f" _set(self, {name!r}, {given})")
    does.append(" self.__post_init__()" if after else " return")
    exec("def __init__({}):\n{}".format(", ".join(takes), "\n".join(does)), known)  # noqa: S102  as `dataclasses` does; names of fields are our own
    made: Callable[..., None] = known["__init__"]
    return made


def _comparing(names: Sequence[str]) -> tuple[Callable[[Any, object], bool], Callable[[Any], int]]:
    values: Any = attrgetter(*names) if names else lambda _: ()

    def __eq__(self: Any, other: object) -> bool:  # noqa: ANN401, N807  of any class
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: ANN401, N807  of any class
        return hash(values(self))

    return __eq__, __hash__


def _repr(self: Any) -> str:  # noqa: ANN401  of any class
    return f"{type(self).__qualname__}({', '.join([f'{one.name}={getattr(self, one.name)!r}' for one in fields(self) if one.repr])})"


def _no_assigning(_: object, name: str, _value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _no_deleting(_: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:  # noqa: ANN401  of any class
    return [getattr(self, one.name) for one in fields(self)]


def _restore(self: Any, state: Sequence[object]) -> None:  # noqa: ANN401  of any class
    for one, value in zip(fields(self), state, strict=True):
        _SET(self, one.name, value)
