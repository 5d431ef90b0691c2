"""A pack as something to read: one view, shown as static pages, as Markdown, and by the workbench."""
