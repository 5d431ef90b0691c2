"""The documentation site: what Sphinx needs to know. `make site` builds it from `docs/` into `build/site`.

The pages are written to be read in the repository too, so what only the site needs is added here: the table of contents, and what becomes of links
that leave `docs/`.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from sphinx.application import Sphinx

from safeguarding_rules import __version__

DOCS = Path(__file__).parents[1]

project = "safeguarding_rules"
author = "the safeguarding_rules contributors"
copyright = f"{author}; code Apache-2.0, packs Open Government Licence v3.0"  # noqa: A001  Sphinx's name
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["site", "**/.*"]
root_doc = "index"
nitpicky = False
suppress_warnings = ["myst.xref_missing"]  # links that leave docs/ are told by `Leaving`, and tests/docs follows every link
myst_heading_anchors = 4
myst_enable_extensions = ["smartquotes"]
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "separated"
python_use_unqualified_type_names = True
highlight_language = "none"
default_role = "code"  # docstrings write names in single backticks
html_theme = "furo"
html_title = "safeguarding_rules"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_last_updated_fmt = None
html_theme_options = {"announcement": "If a child is in danger now, call 999. Professional judgement and local procedure prevail."}

CONTENTS = """

```{toctree}
:hidden:
:caption: Tutorials
:glob:

tutorials/first-local-pack
tutorials/*
```

```{toctree}
:hidden:
:caption: How to
:glob:

how-to/*
```

```{toctree}
:hidden:
:caption: Reference
:glob:

reference/*
```

```{toctree}
:hidden:
:caption: Background
:glob:

limits
*
decisions/README
```
"""
DECISIONS = """

```{toctree}
:hidden:
:glob:

0*
```
"""


def add_contents(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Add the table of contents to the pages that have one, and write links out of `docs/` as the name of the file in the repository."""
    if docname == "index":
        source[0] += CONTENTS
    if docname == "decisions/README":
        source[0] += DECISIONS
    folder = PurePosixPath(docname).parent
    source[0] = re.sub(r"\[([^\]]+)\]\((\.\.?/[^)#\s]+)(?:#[^)]*)?\)", lambda found: _leaving(folder, found), source[0])


def _leaving(folder: PurePosixPath, link: re.Match[str]) -> str:
    target = (DOCS / folder / link[2]).resolve()
    if target.is_relative_to(DOCS):
        return link[0]
    name = target.relative_to(DOCS.parent).as_posix()
    words = link[1].strip("`")
    return f"`{name}`" if words in {name, target.name, link[2]} else f"{link[1]} (`{name}` in the repository)"


MENDS = (
    # What the theme leaves out for people who do not see the page, or have no mouse.
    ('<p class="caption" role="heading">', '<p class="caption" role="heading" aria-level="2">'),
    ('<aside class="announcement-content">', '<aside class="announcement-content" aria-label="In danger">'),
    ('<aside class="sidebar-drawer">', '<aside class="sidebar-drawer" aria-label="Contents">'),
    ('<aside class="toc-drawer', '<aside aria-label="On this page" class="toc-drawer'),
    ('<div class="table-wrapper', '<div tabindex="0" class="table-wrapper'),
    ('<div id="search-results"></div>', '<h1>Search</h1>\n<div id="search-results"></div>'),
    ("<pre>", '<pre tabindex="0">'),
)


def mend_pages(app: Sphinx, exception: Exception | None) -> None:
    """Mend the pages that were written, so that axe-core finds nothing on them."""
    if exception is not None or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for theirs, ours in MENDS:
            text = text.replace(theirs, ours)
        path.write_text(re.sub(r'<th class="head">(<p>)?(</p>)?</th>', '<td class="head"></td>', text), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("source-read", add_contents)
    app.connect("build-finished", mend_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
