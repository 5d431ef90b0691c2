"""Floor 3: text to documents that know their line and column; packs, locks, and where packs are found."""

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
from safeguarding_rules.reading.registry import Found, Registry
from safeguarding_rules.reading.sources import PackFiles, files_from_data, files_in_folder, files_in_zip, text_on_disk
from safeguarding_rules.reading.yaml_text import YamlReading, read_yaml, yaml_data

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
