"""Pages from templates. Everything a pack says is text: the templates escape it, and only web addresses that are such become links.

Comes in: a view, and where things stand (`Addresses`). Goes out: HTML. Promised: pack text never becomes markup, script or another address scheme;
every word that is not a pack's comes from the catalogue. Must not know: where pages are kept or served.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from safeguarding_rules.explaining.texts import Catalogue
from safeguarding_rules.interface_texts import ENGLISH
from safeguarding_rules.publishing.contents import case_groups, fact_places, rule_places, source_places
from safeguarding_rules.publishing.document.links import Link
from safeguarding_rules.publishing.document.pack import PackView
from safeguarding_rules.publishing.flow import FlowPicture, picture_of

HERE: Final = Path(__file__).parent
SECTIONS: Final = ("index", "flow", "rules", "facts", "actions", "statements", "checks", "changes")
"""The pages of a pack, in the order in which they are read."""
_FILES: Final = {"index": "overview"}
_SCHEMES = ("https://", "http://")


class Addresses(Protocol):
    """Where things stand, seen from one page."""

    shows_places: bool
    """Whether lines of files are named, for authors."""

    def link(self, link: Link) -> str:
        """The address of a part of a pack."""

    def page(self, pack: str, version: str, page: str) -> str:
        """The address of a page of a version of a pack."""

    def asset(self, name: str) -> str:
        """The address of a style, script or picture."""

    def home(self) -> str:
        """The address of the first page."""


class Pages:
    """Renders templates."""

    def __init__(self, texts: Catalogue = ENGLISH, folders: Sequence[Path] = ()) -> None:
        """`folders` are further places of templates, looked at first."""
        self.texts = texts
        self._folders = tuple(folders)

    @cached_property
    def _environment(self) -> Environment:
        found = Environment(
            loader=FileSystemLoader([*self._folders, HERE / "templates"]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        found.globals |= {
            "t": self.texts.say,
            "language": self.texts.language,
            "day": self._day,
            "rule_places": rule_places,
            "fact_places": fact_places,
            "source_places": source_places,
            "case_groups": case_groups,
            "sections": SECTIONS,
            "section_file": lambda page: f"sections/{_FILES.get(page, page)}.html",
        }
        found.filters["web_address"] = web_address
        return found

    def _day(self, day: date) -> str:
        return self.texts.say("day", day=day.day, month=self.texts.say(f"month.{day.month}"), year=day.year)

    def render(self, template: str, **context: Any) -> str:  # noqa: ANN401  whatever the template shows
        """The HTML of a template."""
        return self._environment.get_template(template).render(**context)

    def picture(self, pack: PackView) -> FlowPicture:
        """The flow picture of a pack."""
        return picture_of(pack, self.texts)

    def pack_page(self, pack: PackView, page: str, at: Addresses, **more: Any) -> str:  # noqa: ANN401  what checks found
        """One page of a pack."""
        return self.render("page.html", pack=pack, page=page, at=at, level=1, **_nothing_checked(more), **self._pictured(pack, page))

    def _pictured(self, pack: PackView, page: str) -> Mapping[str, object]:
        return {"picture": self.picture(pack)} if page in ("flow", "whole") else {}


def _nothing_checked(more: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"results": {}, "coverage": (), "proofs": {}, "try_address": "", **more}


def web_address(text: str) -> str:
    """A web address as it may stand in a link; anything else leads nowhere."""
    return text if text.lower().startswith(_SCHEMES) else "#"
