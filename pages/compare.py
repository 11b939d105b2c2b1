"""Why is GoogLeNet twenty times smaller than VGG-16?"""

import streamlit as st

from explorer.comparison.sentences import overview, pair_sentences
from explorer.ui import html_table, warm_up
from explorer.ui.address import share
from explorer.ui.compare import selection, table
from explorer.ui.views import show_views

top = st.container(horizontal=True, vertical_alignment="center")
selected = selection.select(top)
warm_up.wait_visibly(110, 500)

from explorer.ui.compare import accuracy, charts, chooser, structure  # noqa: E402
from explorer.ui.compare.cases import find_cases, reference_of  # noqa: E402

cases = find_cases(selected)
reference = reference_of(cases, selected.against)
said = pair_sentences(*cases) if len(cases) == 2 else overview(cases, reference)
st.html(html_table.STYLE)
with st.container(key="sentences"):
    st.markdown("\n".join(f"- {sentence}" for sentence in said))
show_views(
    {
        "Table": lambda: table.show(cases, reference),
        "Charts": lambda: charts.show(cases, reference),
        "Accuracy": lambda: accuracy.show(selected.entries),
        "Structure": lambda: structure.show(cases),
        "Choose": chooser.show,
    },
    key="show",
)
with top:
    share()
