"""What readers of a pack see, as data: the one view behind static pages, Markdown and the workbench.

Comes in: nothing; these are nouns. Goes out: frozen values of pack text, catalogue text and links. Must not know: HTML, files, or how anything is
decided.
"""
