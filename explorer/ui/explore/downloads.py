"""The files one can take along: layers as CSV, everything as JSON, torchinfo's table, the diagram as it is shown."""

from __future__ import annotations

import streamlit as st

from explorer import diagrams
from explorer.analysis.audit import torchinfo_table
from explorer.analysis.rows import Analysis
from explorer.export import analysis_json, rows_csv
from explorer.ui.explore import diagram


def show(analysis: Analysis) -> None:
    """Draw the menu. A file is made when it is asked for."""
    drawn = diagram.shown(analysis)
    files = {
        "Layers (CSV)": ("csv", "text/csv", lambda: rows_csv(analysis)),
        "Everything (JSON)": ("json", "application/json", lambda: analysis_json(analysis)),
        "torchinfo's table (text)": ("txt", "text/plain", lambda: torchinfo_table(analysis)),
        "Diagram (SVG)": (
            "svg",
            "image/svg+xml",
            lambda: diagrams.standalone(diagrams.layout(drawn().tall), analysis.title),
        ),
        "Diagram (DOT)": ("dot", "text/vnd.graphviz", lambda: drawn().tall.source),
    }
    with st.popover("Download", icon=":material/download:"):
        for label, (ending, mime, make) in files.items():
            st.download_button(
                label,
                make,
                f"{analysis.name}.{ending}",
                mime,
                key=f"download-{ending}",
                on_click="ignore",
                width="stretch",
            )
