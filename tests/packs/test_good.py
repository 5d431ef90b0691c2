"""Good packs have no findings."""

from pathlib import Path

import pytest

from safeguarding_rules.reading import pack_from_folder
from tests.packs.pipeline import GOOD, phases_after_reading


@pytest.mark.parametrize("folder", sorted(folder for folder in GOOD.iterdir() if folder.is_dir()), ids=lambda folder: folder.name)
def test_no_findings(folder: Path) -> None:
    assert phases_after_reading(pack_from_folder(folder)) == ()
