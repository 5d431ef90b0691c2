from __future__ import annotations

from tests.unit.casework.conftest import place, postgresql

__all__ = ["place", "postgresql"]
