"""The authors' workbench: a local page over a folder of packs that follows their files."""
