"""The Predict page, run without a browser."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from archives import packed
from notes import notes
from PIL import Image
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from explorer import samples, settings
from explorer.data import own_pictures
from explorer.training.spec import RunSpec
from explorer.training.store import Store
from explorer.training.worker import Setting, take_turn
from explorer.ui.predict import VIEWS, hide

MAIN = "../../explorer/ui/main.py"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, with no network behind it."""
    for name in ("EXPLORER_DATABASE", "EXPLORER_ARTIFACTS", "EXPLORER_SCHEDULER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setattr(ContextProxy, "cookies", {})  # AppTest has a mock there
    return tmp_path


def open_page(**address: str) -> AppTest:
    """Predict, opened at an address."""
    app = AppTest.from_file(MAIN, default_timeout=120)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    app.switch_page("../../pages/predict.py").run()
    assert not app.exception
    return app


def panels(app: AppTest) -> str:
    """All HTML of our own on the page."""
    sent = [json.loads(one.proto.json) for one in app.get("bidi_component") if one.proto.json]
    return " ".join(one.get("html", "") for one in sent if isinstance(one, dict))


def told(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.info))


def png(colour: str, side: int = 64) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(file, "PNG")
    return file.getvalue()


def upload(app: AppTest, *files: tuple[str, bytes]) -> Any:
    return app.file_uploader[0].set_value([(name, data, "image/png") for name, data in files]).run()


def train(**spec: Any) -> str:
    """Train a run as the Train page's worker does; return its id."""
    store = Store(settings.database_url())
    asked = RunSpec(**{"architecture": "lenet5_modern", "dataset": "digits", **spec})
    run = store.add(asked, "me", "My <b>digits</b>", settings.limits())
    take_turn(Setting(settings.database_url(), settings.artifacts_url(), 120, "cpu"))
    store.close()
    return run.id


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_from_a_link(view: str) -> None:
    app = open_page(show=view, picture="coffee")
    assert not app.error
    assert not app.warning
    assert "espresso" in panels(app)


@pytest.mark.parametrize(("method", "words"), [("occlusion", "grey patch"), ("gradients", "32 steps")])
def test_every_method_says_how_it_works(method: str, words: str) -> None:
    app = open_page(show="Where it looked", method=method, net="untrained-lenet5_modern", patch="3")
    assert words in told(app)


@pytest.mark.parametrize("change", ["blur", "noise", "rotate", "shift", "darken"])
def test_every_change_is_applied(change: str) -> None:
    app = open_page(show="Robustness", change=change, net="untrained-lenet5_modern")
    assert "As it is" in panels(app)


def test_random_weights_are_called_so_in_large_letters() -> None:
    html = panels(open_page(net="untrained-lenet5_modern"))
    assert '<p class="untrained">Random weights: this answer means nothing.</p>' in html


def test_another_size_gives_another_answer_beside_the_first() -> None:
    html = panels(open_page(resize="320", crop="224"))
    assert "As published: resized to 256, cropped to 224" in html
    assert "Changed: resized to 320, cropped to 224" in html


def test_several_networks_answer_side_by_side() -> None:
    html = panels(open_page(net="efficientnet_lite0,untrained-resnet20"))
    assert "<h4>EfficientNet-Lite0</h4>" in html
    assert "untrained</h4>" in html


def test_the_true_class_is_given_its_place() -> None:
    assert "true, place 1<" in panels(open_page(picture="coffee", truth="967"))


def test_a_sample_names_its_author_and_licence() -> None:
    assert samples.get("coffee").credit in told(open_page(picture="coffee"))


def test_several_files_are_answered_in_a_grid() -> None:
    app = open_page(**{"from": "upload"}, show="All pictures", net="untrained-lenet5_modern")
    upload(app, ("red.png", png("red")), ("blue.png", png("blue")))
    assert not app.exception
    assert app.query_params["picture"] == "own-2"
    app.session_state["which"] = "own"
    app.run()
    assert list(app.dataframe[-1].value["Picture"]) == ["red.png", "blue.png"]


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", png("red")[:60], b"\x89PNG" + bytes(50)], ids=["empty", "SVG", "cut off", "a lie"]
)
def test_a_bad_file_gets_one_sentence(data: bytes) -> None:
    app = open_page(**{"from": "upload"})
    upload(app, ("bad.png", data))
    assert not app.exception
    assert len(app.error) == 1
    assert app.error[0].value.startswith("bad\\.png: ")  # escaped: a name is no Markdown


def test_nothing_of_a_picture_is_written_to_disk_or_logged(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    app = open_page(**{"from": "upload"}, net="untrained-lenet5_modern")
    before = {path for path in folder.rglob("*") if path.is_file()}
    upload(app, ("secret-name.png", png("red")))
    assert {path for path in folder.rglob("*") if path.is_file()} - before <= set(folder.glob("runs.sqlite*"))
    assert "secret-name" not in "".join(capfd.readouterr())
    assert "secret-name" in panels(app)


def test_pictures_of_one_visitor_are_not_another_ones() -> None:
    upload(open_page(**{"from": "upload"}, net="untrained-lenet5_modern"), ("mine.png", png("red")))
    other = open_page(picture="own-1", net="untrained-lenet5_modern")
    assert "mine.png" not in panels(other)
    assert "stay with the one who gave them" in notes(other)[0]


def test_a_network_that_a_run_has_trained_answers_with_its_classes() -> None:
    app = open_page(net=f"run-{train(steps=30, labels=('3', '7'))}")
    html = panels(app)
    assert not app.error
    assert "My &lt;b&gt;digits&lt;/b&gt;, run" in html
    assert "Random weights" not in html
    assert '<span class="label">3</span>' in html
    assert '<span class="label">7</span>' in html


def test_a_network_trained_on_somebodys_pictures_is_offered_to_who_has_its_link(folder: Path) -> None:
    files = {f"{name}/{i}.png": png(name) for name in ("red", "green") for i in range(4)}
    own, _ = own_pictures.add(packed(files), "Family", 32)
    name = f"run-{train(steps=2, dataset=own)}"
    assert not any("digits" in label for label in open_page().multiselect(key="net").options)
    app = open_page(net=name)
    assert app.multiselect(key="net").value == [name]
    assert not app.error


def test_no_frame_is_drawn_where_units_do_not_look_at_even_steps() -> None:
    run = train(architecture="vgg_custom", options={"layers": "4, M"}, input_size=20, steps=1)
    framed, uneven = (
        open_page(net=f"run-{run}", show="Receptive field", layer=one) for one in ("features.2", "avgpool")
    )
    assert "What it can see" in panels(framed)
    assert "What it can see" not in panels(uneven)
    assert "units differ in what they see and in their steps" in told(uneven)


def test_behind_a_gate_the_frame_holds_the_whole_picture() -> None:
    run = train(architecture="mobilenet_v3_small", input_size=64, steps=1)
    window, whole = (
        open_page(net=f"run-{run}", show="Receptive field", layer=one, row="15", column="15")
        for one in ("features.1.block.0.0", "features.1.block.1")
    )
    assert "rows 57 to 63, columns 57 to 63" in panels(window)
    assert "rows 0 to 63, columns 0 to 63" in panels(whole)
    assert "Sees the whole picture of 64×64 through global pooling; its own window is 7×7" in told(whole)


def test_weights_that_cannot_be_downloaded_are_told_of() -> None:
    app = open_page(net="squeezenet1_1")
    button = next(one for one in app.button if one.key == "download-squeezenet1_1")
    assert "MiB" in button.label
    button.click().run()
    assert "does not reach download.pytorch.org" in app.error[0].value


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ({"net": "run-nobody"}, "This run has been deleted"),
        ({"net": "resnet51"}, "There are no weights called"),
        ({"show": "Nowhere"}, "The view can be"),
        ({"crop": "99999"}, "The size to crop to is a whole number"),
        ({"picture": "dog"}, "The picture can be"),
    ],
)
def test_a_link_that_asks_for_what_is_not_there_gets_one_sentence(address: dict[str, str], sentence: str) -> None:
    app = open_page(**address)
    assert len(notes(app)) == 1
    assert sentence in notes(app)[0]


@pytest.mark.parametrize(
    ("whole", "hottest", "coldest", "said"),
    [
        (0.9, 0.6, 0.85, "holds: the hot part is worth 25.0 percentage points more"),
        (0.9, 0.85, 0.6, "Do not believe the map here: the cold part is worth 25.0"),
        (0.382, 0.379, 0.436, "stands without either part"),
        (0.9, 0.6, 0.605, "both parts cost about as much"),
        (0.008, 0.0, 0.008, "too small to tell"),
    ],
)
def test_hide_and_see_says_whether_the_map_holds(whole: float, hottest: float, coldest: float, said: str) -> None:
    assert said in hide.verdict(whole, hottest, coldest)
