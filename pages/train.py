"""Does it learn?"""

import streamlit as st

from explorer.training.jobs import connect
from explorer.training.records import JobError
from explorer.ui import warm_up
from explorer.ui.train import curves, data_gallery, experiments, forecast, form, own_pictures, results, runs

VIEWS = ("Curves", "Results", "Experiments", "Runs", "Pictures")

try:
    jobs = connect()
    known = runs.mine_first(jobs.latest())
except JobError as error:
    st.error(str(error), icon=":material/cloud_off:")
    st.stop()
jobs.warm_up()
runs.show_problem()
spec = form.ask(lambda spec: runs.submit(jobs, spec))
predicted = st.container(height=32, border=False, key="predicted")
shown = runs.pick(jobs, known)
tabs = dict(zip(VIEWS, st.tabs(VIEWS, key=runs.VIEW, on_change="rerun", bind="query-params"), strict=True))


def pictures() -> None:
    """Draw the chosen data set, then the form for one's own."""
    data_gallery.show(form.chosen_dataset())
    own_pictures.show()


draw = {
    "Curves": lambda: curves.show(jobs, shown),
    "Results": lambda: results.show(jobs, shown),
    "Experiments": lambda: experiments.show(jobs, known),
    "Runs": lambda: runs.table(known),
    "Pictures": pictures,
}
for view, tab in tabs.items():
    if tab.open:
        with tab:
            draw[view]()
if spec is not None:
    with predicted:
        if not warm_up.is_ready():
            st.caption("Starting PyTorch, to predict memory and time.")
            warm_up.wait()
        forecast.show(spec, known)
