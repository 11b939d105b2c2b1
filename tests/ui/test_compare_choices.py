"""Compare, run without a browser: accuracy against cost, and the choice of a backbone."""

from __future__ import annotations

import pytest
import torch
from notes import notes
from streamlit.testing.v1 import AppTest

from explorer import latency, registry
from explorer.comparison import candidates
from explorer.comparison.candidates import Survey
from explorer.latency import Latency, device_name

pytestmark = pytest.mark.usefixtures("few_networks")


def open_page(**address: str | list[str]) -> AppTest:
    """Compare, opened at an address."""
    app = AppTest.from_file("../../explorer/ui/main.py", default_timeout=60)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    app.switch_page("../../pages/compare.py").run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("key", "value"), [("cost", "macs"), ("metric", "top5"), ("origin", "paper"), ("data", "CIFAR-10")]
)
def test_the_accuracy_can_be_seen_in_every_way(key: str, value: str) -> None:
    app = open_page(show="Accuracy")
    app.segmented_control(key=key).set_value(value).run()
    assert not app.exception
    assert app.query_params[key] in (value, [value])


def test_progress_is_shown_while_networks_are_analyzed(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Survey(registry.names())
    monkeypatch.setattr(waiting, "start", lambda: None)
    monkeypatch.setattr(candidates, "survey", waiting)
    app = open_page(show="Accuracy")
    assert "once after the server starts" in app.get("progress")[0].proto.text
    assert not app.get("plotly_chart")


def test_the_chooser_keeps_what_fits_the_budget() -> None:
    app = open_page(show="Choose")
    app.select_slider(key="budget_params").set_value((0, 10)).run()
    found = app.dataframe[0].value
    assert list(found["Network"]) == ["GoogLeNet", "SqueezeNet 1.1"]  # 7.00 and 1.24 million; best first
    assert found["Open"][0] == "explore?arch=googlenet"


def test_the_chooser_offers_only_networks_with_an_accuracy_on_imagenet() -> None:
    shown = set(open_page(show="Choose").dataframe[0].value["Network"])
    assert shown == {"AlexNet", "VGG-16", "GoogLeNet", "SqueezeNet 1.1"}


def test_an_empty_choice_says_so() -> None:
    app = open_page(show="Choose")
    app.select_slider(key="budget_top1").set_value((89, 90)).run()
    assert "No network fits" in app.info[0].value


def test_a_bad_budget_is_explained() -> None:
    assert "two ends" in notes(open_page(show="Choose", budget_macs=["1", "nonsense"]))[0]


def test_latencies_that_were_measured_here_are_shown_to_everyone() -> None:
    open_page()
    torch.set_num_threads(1)  # as the app does for its own threads: it is part of the device's name
    here = device_name("cpu"), str(torch.__version__)
    latency.keep(Latency("squeezenet1_1", *here, 224, 1, 0.0125, 0.012, 0.013, 20))
    shown = open_page(show="Choose").dataframe[0].value.set_index("Network")["Latency"]
    assert shown["SqueezeNet 1.1"] == 12.5
    assert shown.drop("SqueezeNet 1.1").isna().all()
