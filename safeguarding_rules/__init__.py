"""safeguarding_rules: facts of a case in, a decision with reasons, duties, citations and open questions out.

Names are loaded when first used, so that importing the package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from safeguarding_rules.deciding.decision import Decision
    from safeguarding_rules.diagnostics import Diagnostic, FactsError, PackError
    from safeguarding_rules.engine import Engine
    from safeguarding_rules.explaining.explanation import Explanation
    from safeguarding_rules.reading import Pack, Registry, pack_from_data, pack_from_folder, pack_from_zip
    from safeguarding_rules.tabular.decide_table import count_rows, decide_table

__version__ = "0.1.0"

_HOMES = {
    "Engine": "engine",
    "Decision": "deciding.decision",
    "Explanation": "explaining.explanation",
    "Diagnostic": "diagnostics",
    "PackError": "diagnostics",
    "FactsError": "diagnostics",
    "Pack": "reading",
    "Registry": "reading",
    "pack_from_data": "reading",
    "pack_from_folder": "reading",
    "pack_from_zip": "reading",
    "count_rows": "tabular.decide_table",
    "decide_table": "tabular.decide_table",
}

__all__ = [
    "Decision",
    "Diagnostic",
    "Engine",
    "Explanation",
    "FactsError",
    "Pack",
    "PackError",
    "Registry",
    "count_rows",
    "decide_table",
    "pack_from_data",
    "pack_from_folder",
    "pack_from_zip",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  a door to many types
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
