"""What is inside this network?"""

import streamlit as st

from explorer.ui import warm_up
from explorer.ui.address import share
from explorer.ui.explore import address, headline
from explorer.ui.markdown import plain
from explorer.ui.network_picker import pick_network
from explorer.ui.views import show_views

address.read()
picked = pick_network()
buttons = headline.title(picked.arch)
warm_up.wait_visibly(110, 500)

from explorer.analysis import analyze  # noqa: E402
from explorer.ui.explore import audit, charts, code, diagram, downloads, layers, memory, story  # noqa: E402

try:
    analysis = analyze(picked.arch.name, **picked.how)
except ValueError as error:
    st.error(plain(str(error)), icon=":material/error:")
    st.stop()
peak = headline.numbers(analysis)
show_views(
    {
        "Layers": lambda: layers.show(picked, analysis),
        "Charts": lambda: charts.show(analysis),
        "Diagram": lambda: diagram.show(analysis),
        "Memory": lambda: memory.show(picked),
        "Story": lambda: story.show(picked.arch),
        "Code": lambda: code.show(picked),
        "Audit": lambda: audit.show(analysis),
    },
    key="view",
)
with buttons:
    share()
    downloads.show(analysis)
headline.training_peak(peak, picked)
