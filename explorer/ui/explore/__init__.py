"""The views of the Explore page, one a file; each draws itself from what was picked and its analysis."""

VIEWS = ("Layers", "Charts", "Diagram", "Memory", "Story", "Code", "Audit")
