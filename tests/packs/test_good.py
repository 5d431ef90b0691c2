"""Good packs have no findings."""

from pathlib import Path

import pytest

from safeguarding_rules.reading import Pack, pack_from_folder
from tests.packs.pipeline import GOOD, phases_after_reading


def _stack(folder: Path) -> list[Pack]:
    pack = pack_from_folder(folder)
    above = pack.manifest.extends
    return [*(_stack(GOOD / above.pack) if above else []), pack]


@pytest.mark.parametrize("folder", sorted(folder for folder in GOOD.iterdir() if folder.is_dir()), ids=lambda folder: folder.name)
def test_no_findings(folder: Path) -> None:
    assert phases_after_reading(_stack(folder)) == ()
