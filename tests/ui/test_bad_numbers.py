"""Numbers in links that Streamlit would end a page at, or read in its own way."""

from __future__ import annotations

import pytest
from notes import notes
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

ASKED = {
    "compare": ["step_batch", "nets", "budget_params"],
    "blocks": ["b_size", "b_in_channels", "b_c1x1"],
    "convolution?lesson=Picture": ["divisor", "bias", "stride", "dilation", "pad_by", "spot", "weights"],
    "convolution?lesson=Step by step": ["at", "cells"],
    "convolution?lesson=Channels": ["channels", "side", "filters", "k", "s", "p", "d", "images", "groups"],
    "convolution?lesson=Pooling": ["pool", "pool_step", "move_right", "move_down"],
    "convolution?lesson=Flattening": ["row", "column"],
    "convolution?lesson=Receptive field": ["pixels", "behind", "unit_row", "unit_column", "stack"],
    "predict": ["class", "truth", "resize", "crop"],
    "predict?show=Feature maps": ["channel"],
    "predict?show=Hide and see": ["hide"],
    "predict?show=Receptive field": ["row", "column"],
    "predict?show=Robustness": ["blur"],
    "claims": ["page"],
}


pytestmark = pytest.mark.usefixtures("few_networks")


@pytest.fixture(autouse=True)
def _no_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ContextProxy, "cookies", {})  # AppTest has a mock there


@pytest.mark.parametrize("value", ["1e999", "-inf", "9" * 5000])
@pytest.mark.parametrize(("address", "key"), [(address, key) for address, keys in ASKED.items() for key in keys])
def test_a_number_that_cannot_be_had_gives_way_to_the_default_and_leaves_a_note(
    address: str, key: str, value: str
) -> None:
    page, _, query = address.partition("?")
    app = AppTest.from_file("../../explorer/ui/main.py", default_timeout=60)
    app.query_params = {**dict([query.split("=")] if query else []), key: value}
    app.run()
    app.switch_page(f"../../pages/{page}.py").run()
    assert not app.exception
    assert any(note.startswith(f"The link asks for {key}={value[:10]}") for note in notes(app)), notes(app)
    assert max(map(len, notes(app))) < 600
    assert key not in app.query_params
