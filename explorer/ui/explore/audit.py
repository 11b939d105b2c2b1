"""Our totals beside those of torchinfo, torch and torchvision, with the reason for each difference."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from explorer import units
from explorer.analysis.rows import Analysis


def show(analysis: Analysis) -> None:
    from explorer.analysis.audit import AuditLine, audit

    st.markdown(
        "The same totals as other counters give them. Where one differs, the reasons are counted too, each on its own; "
        "what they leave is shown as not explained."
    )
    lines = audit(analysis)
    st.dataframe(
        pd.DataFrame(
            {
                "Total": [line.quantity for line in lines],
                "Here": [_number(line.ours, line.unit) for line in lines],
                "There": [_number(line.theirs, line.unit) for line in lines],
                "Difference": [_difference(line) for line in lines],
                "Counted by": [line.source for line in lines],
            }
        ),
        hide_index=True,
    )

    def explain(line: AuditLine) -> None:
        st.markdown(f"**{line.quantity}, {line.source}**: {_difference(line)}")
        reasons = [f"- {_signed(term.amount)}: {term.reason}." for term in line.terms]
        if not line.is_explained:
            reasons.append(f"- {_signed(line.unexplained)}: not explained.")
        st.markdown("\n".join(reasons))

    for line in lines:
        if line.terms or not line.is_explained:
            explain(line)


def _number(value: int, unit: str) -> str:
    return f"{units.exact(value)} {unit}".rstrip()


def _signed(value: int) -> str:
    return f"{'+' if value > 0 else ''}{units.exact(value)}"


def _difference(line: object) -> str:
    difference, agrees = line.difference, line.agrees  # type: ignore[attr-defined]
    if agrees:
        return "the same" if not difference else "the same, rounded"
    return _signed(difference)
