"""Does it learn?"""

import streamlit as st

from explorer.training.jobs import Jobs, connect
from explorer.training.records import JobError
from explorer.ui.address import share
from explorer.ui.train import (
    STYLE,
    actions,
    curves,
    data_gallery,
    experiments,
    forecast,
    form,
    results,
    runs,
)
from explorer.ui.views import show_views


def show(jobs: Jobs) -> None:
    """Draw the form, the choice of runs and the open view; then what the run of the form is predicted to take."""
    known = runs.listed(jobs.latest())
    jobs.warm_up()
    actions.show_problem()
    spec = form.ask(lambda spec: actions.submit(jobs, spec))
    predicted = st.container(key="predicted")
    with st.container(horizontal=True, gap="small"):
        shown = runs.pick(jobs, known)
        link = st.container(width="content")
    draw = {
        "Curves": lambda: curves.show(jobs, shown, known),
        "Results": lambda: results.show(jobs, shown),
        "Experiments": lambda: experiments.show(jobs, known),
        "Runs": lambda: runs.table(known),
        "Pictures": lambda: data_gallery.show(form.chosen_dataset()),
    }
    show_views(draw, key=runs.VIEW)
    with link:
        share()
    if spec is not None:
        with predicted:
            forecast.show(jobs, spec, known)


st.html(STYLE)
try:
    show(connect())
except JobError as error:
    st.error(str(error), icon=":material/cloud_off:")
