"""Floor 3: text to documents that know their line and column; packs, locks, and where packs are found.

Names are loaded when first used, so that one part can be had without the others.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from safeguarding_rules.reading.lock import lock_text
    from safeguarding_rules.reading.pack import (
        Pack,
        SalvagedPack,
        digest_of,
        pack_from_data,
        pack_from_folder,
        pack_from_zip,
        read_manifest,
        read_pack,
        salvage_manifest,
        salvage_pack,
    )
    from safeguarding_rules.reading.places import Spans
    from safeguarding_rules.reading.read_text import YamlReading
    from safeguarding_rules.reading.registry import Found, Registry
    from safeguarding_rules.reading.sources import PackFiles, files_from_data, files_in_folder, files_in_zip, text_on_disk
    from safeguarding_rules.reading.yaml_text import read_yaml, yaml_data

_HOMES = {
    "lock_text": "lock",
    "Pack": "pack",
    "SalvagedPack": "pack",
    "digest_of": "pack",
    "pack_from_data": "pack",
    "pack_from_folder": "pack",
    "pack_from_zip": "pack",
    "read_manifest": "pack",
    "read_pack": "pack",
    "salvage_manifest": "pack",
    "salvage_pack": "pack",
    "Spans": "places",
    "YamlReading": "read_text",
    "Found": "registry",
    "Registry": "registry",
    "PackFiles": "sources",
    "files_from_data": "sources",
    "files_in_folder": "sources",
    "files_in_zip": "sources",
    "text_on_disk": "sources",
    "read_yaml": "yaml_text",
    "yaml_data": "yaml_text",
}

__all__ = [
    "Found",
    "Pack",
    "PackFiles",
    "Registry",
    "SalvagedPack",
    "Spans",
    "YamlReading",
    "digest_of",
    "files_from_data",
    "files_in_folder",
    "files_in_zip",
    "lock_text",
    "pack_from_data",
    "pack_from_folder",
    "pack_from_zip",
    "read_manifest",
    "read_pack",
    "read_yaml",
    "salvage_manifest",
    "salvage_pack",
    "text_on_disk",
    "yaml_data",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  a door to many types
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
