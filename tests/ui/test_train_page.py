"""The Train page, run without a browser. Workers are played by this process."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from archives import GREEN, RED, packed, picture
from notes import notes
from sqlalchemy import create_engine, text
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from explorer.data import own_pictures
from explorer.lessons import experiments
from explorer.training import RunSpec, jobs
from explorer.training.database import StoreError
from explorer.training.records import Record, State, Visitor
from explorer.training.trials import Trial
from explorer.training.worker import Setting, take_turn
from explorer.ui.train.downloads import COLUMNS, curve_csv

SOMEONE = Visitor("someone else")
WAIT = 180  # seconds; the first page waits for torch
BRIEF = {"steps": 3, "batch_size": 32}


class NoWorkers:
    """A cluster that never gets ready: runs wait until a test trains them."""

    def __init__(self, *where: Any) -> None:
        pass

    def enter(self) -> None:
        return None


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[jobs.Jobs]:
    """The runs of a folder of the test's own."""
    for name in ("DATABASE", "ARTIFACTS", "SCHEDULER", "TEACHER_KEY"):
        monkeypatch.delenv(f"EXPLORER_{name}", raising=False)
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))
    monkeypatch.setattr(jobs, "OwnCluster", NoWorkers)
    monkeypatch.setattr(jobs, "_connection", None)
    monkeypatch.setattr(ContextProxy, "cookies", {})  # AppTest has a mock there
    st.cache_data.clear()
    opened = jobs.connect()
    yield opened
    opened.close()


@pytest.fixture
def train(tmp_path: Path) -> Callable[[], None]:
    """Train all runs that wait, in this process."""
    return lambda: print(take_turn(Setting(f"sqlite:///{tmp_path / 'runs.sqlite'}", str(tmp_path / "runs"), 60, "cpu")))


def open_page(**address: str) -> AppTest:
    """Train, opened at an address."""
    app = AppTest.from_file("../../explorer/ui/main.py", default_timeout=WAIT)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    app.switch_page("../../pages/train.py").run()
    assert not app.exception
    return app


def live(app: AppTest) -> dict[str, Any]:
    """What the live curves were given."""
    found = [one.proto for one in app.get("bidi_component") if one.proto.component_name.endswith("live_curves")]
    return dict(json.loads(found[0].json or found[0].mixed.json))


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def is_disabled(app: AppTest, label: str) -> bool:
    return next(button.disabled for button in app.button if button.label == label)


def said(app: AppTest) -> str:
    """All text on the page, as one reads it."""
    parts = (app.markdown, app.caption, app.info, app.warning, app.error)
    return re.sub(r"\\(\W)", r"\1", "\n".join(element.value for kind in parts for element in kind))


def asked(app: AppTest) -> RunSpec:
    """The run that the form asks for when Train is pressed."""
    press(app, "Train")
    return jobs.connect().latest(1)[0].spec


def test_before_the_first_run_it_invites_to_train_and_to_experiment() -> None:
    app = open_page()
    assert "Press **Train**" in said(app)
    assert all(experiment.question in said(app) for experiment in experiments.EXPERIMENTS)
    assert live(app)["panels"] == []


def test_memory_is_predicted_before_the_run_starts() -> None:
    from explorer.analysis import training_memory

    step = training_memory("lenet5_modern", batch_size=64, optimizer="adam", input_size=(1, 32, 32), num_classes=10)
    peak = max(moment.live for moment in step.curve if moment.phase != "optimizer")
    pictures = 1797 * (32 * 32 + 8)  # a byte a pixel, eight a label
    assert f"{(peak + pictures) / 2**20:.2f} MiB" in said(open_page())


def test_time_is_tried_out_by_a_worker_before_the_first_run(train: Callable[[], None]) -> None:
    app = open_page()
    assert "trying out how long it takes" in said(app)
    train()
    app.run()
    assert re.search(r"memory on the CPU \u00b7 \*\*about \d+ (s|min)", said(app))
    app.selectbox(key="t_for").set_value("seconds").run()
    assert "\u00b7 **60 s** \u00b7" in said(app)  # a budget in seconds needs no trial


def test_a_trial_that_is_not_possible_says_why(train: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.training import pace

    monkeypatch.setattr(pace, "free_bytes", lambda device: 2**20)
    app = open_page()
    train()
    app.run()
    assert "time not known" in said(app)
    assert "LeNet-5, as taught today with a batch of 64 takes" in said(app)


def test_a_database_that_goes_away_while_the_page_waits_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([Trial()])  # of the page; then those of the line that waits

    def look(self: jobs.Jobs, spec: RunSpec) -> Trial:
        for found in looks:
            return found
        raise StoreError("The database of runs does not answer.")

    monkeypatch.setattr(jobs.Jobs, "try_out", look)
    assert "The database of runs does not answer" in said(open_page())


def test_a_trial_waits_for_runs_under_way(runs: jobs.Jobs) -> None:
    runs.submit(RunSpec("lenet5_modern", "digits", **BRIEF), SOMEONE)
    assert "time known once a worker is free" in said(open_page())


def test_train_queues_the_run_and_puts_it_into_the_address() -> None:
    app = press(open_page(), "Train")
    (run,) = jobs.connect().latest()
    assert run.spec == RunSpec("lenet5_modern", "digits", epochs=40, learning_rate=1e-3, batch_size=64)
    assert app.query_params["run"] in (run.id, [run.id])
    assert [shown["id"] for shown in live(app)["runs"]] == [run.id]


def test_the_recipe_of_the_paper_is_one_choice_away() -> None:
    app = open_page(t_arch="resnet20", t_data="fashion_mnist")
    app.selectbox(key="t_recipe").set_value("paper").run()
    # He et al. 2015, section 4.2: 0.1, divided by ten at 32k and 48k of 64k steps, 128 pictures, decay 0.0001
    assert app.selectbox(key="t_optimizer").value == "momentum"
    assert app.selectbox(key="t_schedule").value == "step"
    assert app.number_input(key="t_learning_rate").value == 0.1
    assert app.number_input(key="t_batch_size").value == 128
    assert app.number_input(key="t_weight_decay").value == 1e-4


def test_a_link_restores_the_form() -> None:
    app = open_page(t_for="steps", t_amount="7", t_optimizer="sgd", t_learning_rate="0.5", t_seed="3")
    spec = asked(app)
    assert (spec.steps, spec.optimizer, spec.learning_rate, spec.seed) == (7, "sgd", 0.5, 3)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ({"t_arch": "lenet7"}, "lenet7"),
        ({"t_data": "digitz"}, "digitz"),
        ({"t_for": "years"}, "The budget's unit can be epochs, steps, seconds."),
        ({"t_optimizer": "rprop"}, "The optimizer can be sgd, momentum"),
        ({"run": "nosuchrun"}, "There is no such run; it may have been deleted."),
    ],
)
def test_bad_values_in_a_link_fall_back_with_a_note(address: dict[str, str], message: str) -> None:
    app = open_page(**address)
    assert any(message in note for note in notes(app)), notes(app)
    assert not is_disabled(app, "Train")


@pytest.mark.parametrize("value", ["1e999", "-inf", "9" * 5000])
@pytest.mark.parametrize(
    "key",
    [f"t_{field}" for field in ("amount", "batch_size", "pictures", "input_size", "seed", "learning_rate", "momentum")]
    + ["t_warmup", "t_weight_decay", "t_validation_share", "t_opt_width"],
)
def test_a_number_that_cannot_be_had_gives_way_to_the_default(key: str, value: str) -> None:
    app = open_page(t_arch="mobilenet_v1", **{key: value})
    assert len(notes(app)) == 1
    assert notes(app)[0].startswith(f"The link asks for {key}={value[:10]}")
    assert key not in app.query_params
    assert not is_disabled(app, "Train")


def test_pictures_that_are_not_here_are_named_and_can_be_fetched() -> None:
    app = open_page(t_data="cifar10", t_view="Pictures")
    assert is_disabled(app, "Train")
    assert "CIFAR-10 is not on this machine: download it (162.6 MiB)" in said(app)
    assert any(button.label == "Download 162.6 MiB" for button in app.button)


def test_a_bad_combination_is_one_clear_sentence() -> None:
    app = open_page(t_arch="alexnet", t_input_size="8")
    assert is_disabled(app, "Train")
    assert "the least is" in app.warning[0].value


def test_results_are_those_of_the_run(runs: jobs.Jobs, train: Callable[[], None]) -> None:
    run = runs.submit(RunSpec("lenet5_modern", "digits", **BRIEF), SOMEONE)
    train()
    app = open_page(run=run.id, t_view="Results")
    report = runs.report(run.id)
    assert report is not None
    right = sum(row[place] for place, row in enumerate(report.confusion))
    last = runs.events(run.id)[-1]
    assert right / 359 == pytest.approx(last.val_accuracy)
    assert f"answers {right:,} of 359 validation pictures correctly: **{100 * right / 359:.2f} %**" in said(app)


def test_a_run_that_was_stopped_says_why_it_has_no_results(runs: jobs.Jobs, train: Callable[[], None]) -> None:
    run = runs.submit(RunSpec("lenet5_modern", "digits", **BRIEF), SOMEONE)
    runs.stop(run.id, SOMEONE)
    train()
    assert "was stopped before its end" in said(open_page(run=run.id, t_view="Results"))


def test_a_run_that_the_longest_time_has_ended_has_results_until_it_goes_on(runs: jobs.Jobs, tmp_path: Path) -> None:
    run = runs.submit(RunSpec("lenet5_modern", "digits", epochs=9_000), SOMEONE)
    take_turn(Setting(f"sqlite:///{tmp_path / 'runs.sqlite'}", str(tmp_path / "runs"), 0, "cpu"))
    assert "of 359 validation pictures correctly" in said(open_page(run=run.id, t_view="Results"))
    runs.resume(run.id, SOMEONE)
    assert "as soon as the run has finished" in said(open_page(run=run.id, t_view="Results"))


def test_the_curve_as_csv_has_a_row_for_each_event(runs: jobs.Jobs, train: Callable[[], None]) -> None:
    run = runs.submit(RunSpec("lenet5_modern", "digits", **BRIEF), SOMEONE)
    train()
    head, *rows = curve_csv(runs.events(run.id)).splitlines()
    assert head.split(",") == list(COLUMNS)
    assert len(rows) == len(runs.events(run.id))
    assert rows[-1].startswith("3,1,")


def test_only_who_started_a_run_or_the_teacher_can_stop_it(runs: jobs.Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_TEACHER_KEY", "apple")
    run = runs.submit(RunSpec("lenet5_modern", "digits", **BRIEF), SOMEONE)
    app = open_page(run=run.id)
    assert is_disabled(app, "Stop")
    assert "Only who started this run" in said(app)
    app.text_input(key="t_key_typed").set_value("pear").run()
    assert is_disabled(app, "Stop")
    assert "This is not the teacher's key." in said(app)
    app.text_input(key="t_key_typed").set_value("apple").run()
    press(app, "Stop")
    assert runs.get(run.id).state is State.STOPPED


def test_a_stopped_run_can_be_resumed(runs: jobs.Jobs) -> None:
    app = press(open_page(), "Train")
    assert is_disabled(app, "Resume")
    press(press(app, "Stop"), "Resume")
    assert runs.latest()[0].state is State.QUEUED


def test_duplicate_fills_the_form_with_all_that_the_run_was_asked_for(runs: jobs.Jobs) -> None:
    spec = RunSpec(
        "resnet20",
        "digits",
        steps=5,
        labels=("1", "7"),
        options={"shortcut": "B"},
        schedule="step",
        drops=(0.25, 0.5),
        learning_rate=0.3,
        dropout_while_measuring=True,
    )
    app = press(open_page(run=runs.submit(spec, SOMEONE).id), "Duplicate")
    assert asked(app) == spec


def test_a_run_is_renamed_and_deleted(runs: jobs.Jobs) -> None:
    app = press(open_page(), "Train")
    (run,) = runs.latest()
    app.text_input(key=f"name-{run.id}").set_value("My first").run()
    press(app, "Rename")
    assert live(app)["runs"][0]["name"] == "My first"
    press(app, "Delete for good")
    assert runs.latest() == []
    assert "run" not in app.query_params


def test_runs_of_one_name_are_told_apart(runs: jobs.Jobs) -> None:
    spec = RunSpec("lenet5_modern", "digits", **BRIEF)
    ids = [runs.submit(spec, SOMEONE).id for _ in range(2)]
    app = open_page(run=",".join(ids))
    assert [run["id"] for run in live(app)["runs"]] == ids
    assert len({run["name"] for run in live(app)["runs"]}) == 2
    assert len(set(app.multiselect(key="run").options)) == 2


def test_an_experiment_starts_its_runs_and_says_what_to_look_for(runs: jobs.Jobs) -> None:
    app = open_page(t_view="Experiments")
    app.button(key="start-activations").click().run()
    found = sorted(runs.latest(), key=lambda run: run.ticket)
    assert [run.spec.options["activation"] for run in found] == ["relu", "tanh", "sigmoid"]
    assert {run.spec.seed for run in found} == {0}
    assert [run["name"] for run in live(app)["runs"]] == ["ReLU", "tanh", "Sigmoid"]
    assert experiments.get("activations").look_for in said(app)


def test_an_experiment_of_more_runs_than_one_may_have_starts_none(
    runs: jobs.Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_RUNS_PER_PERSON", "2")
    app = open_page(t_view="Experiments")
    app.button(key="start-activations").click().run()
    assert "takes 3 runs, and one person may have 2 waiting or under way; you have none at the moment" in said(app)
    assert runs.latest() == []


def test_a_run_of_a_network_that_is_no_more_is_still_listed(runs: jobs.Jobs, tmp_path: Path) -> None:
    run = runs.submit(RunSpec("lenet5_modern", "digits", **BRIEF), SOMEONE)
    engine = create_engine(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE runs SET spec_json = replace(spec_json, 'lenet5_modern', 'lenet6')"))
    engine.dispose()
    (table,) = open_page(t_view="Runs", run=run.id).dataframe
    assert table.value["Network"].tolist() == ["lenet6, no longer here"]


def test_an_experiment_without_its_pictures_leads_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.data.embedded.has_fashion_mnist", lambda: False)
    app = open_page()
    app.button(key="get-degradation").click().run()
    assert app.selectbox(key="t_data").value == "fashion_mnist"
    assert any(button.label.startswith("Download ") for button in app.button)


def test_pictures_of_ones_own_become_a_data_set_with_a_report() -> None:
    files = {f"{name}/{i}.png": picture(colour) for name, colour in (("red", RED), ("green", GREEN)) for i in range(4)}
    archive = packed(files | {"red/notes.txt": b"no picture"}).getvalue()
    app = open_page(t_view="Pictures")
    app.text_input(key="own-title").set_value("Traffic lights")
    app.file_uploader[0].set_value(("lights.zip", archive, "application/zip"))
    press(app, "Read the archive")
    assert "8 pictures were taken: green 4 and red 4." in said(app)
    assert "1 file was left out." in said(app)
    assert app.selectbox(key="t_data").value.startswith("own-")
    assert "### Traffic lights" in said(app)


@pytest.fixture
def private_run(runs: jobs.Jobs, train: Callable[[], None]) -> Record:
    """A run that someone else has trained on their own pictures."""
    files = {f"{name}/{i}.png": picture(colour) for name, colour in (("red", RED), ("green", GREEN)) for i in range(4)}
    name, _ = own_pictures.add(packed(files), "Family", 32)
    run = runs.submit(RunSpec("lenet5_modern", name, steps=2), SOMEONE, "Faces")
    train()
    return run


def test_a_run_on_somebodys_pictures_is_not_listed(private_run: Record) -> None:
    app = open_page(t_view="Runs")
    assert app.multiselect(key="run").options == []
    assert "No run yet" in said(app)


def test_no_banner_leads_to_a_run_on_somebodys_pictures(private_run: Record, runs: jobs.Jobs) -> None:
    runs.submit(private_run.spec, SOMEONE, "Night shift")
    app = AppTest.from_file("../../explorer/ui/main.py", default_timeout=WAIT)
    app.run()
    app.switch_page("../../pages/claims.py").run()
    assert not app.get("page_link")


def test_who_has_the_link_to_a_run_on_somebodys_pictures_sees_it_and_cannot_take_them(private_run: Record) -> None:
    app = open_page(run=private_run.id)
    assert [run["name"] for run in live(app)["runs"]] == ["Faces"]
    assert is_disabled(app, "Duplicate")
    files = {button.proto.label: button.proto.disabled for button in app.get("download_button")}
    assert [label for label, is_off in files.items() if is_off] == [
        "Spec (JSON)",
        "Checkpoint (safetensors)",
        "Network (ONNX)",
    ]


def test_the_teacher_is_shown_runs_on_somebodys_pictures(
    private_run: Record, runs: jobs.Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_TEACHER_KEY", "apple")
    app = open_page(run=private_run.id)
    app.text_input(key="t_key_typed").set_value("apple").run()
    app.multiselect(key="run").set_value([]).run()
    assert len(app.multiselect(key="run").options) == 1
    app.multiselect(key="run").set_value([private_run.id]).run()
    assert not is_disabled(app, "Duplicate")


def test_an_archive_that_is_none_is_refused_in_one_sentence() -> None:
    app = open_page(t_view="Pictures")
    app.file_uploader[0].set_value(("lights.zip", b"nothing", "application/zip"))
    press(app, "Read the archive")
    assert len(app.error) == 1


def test_the_gallery_shows_the_classes_of_the_data_set() -> None:
    app = open_page(t_view="Pictures")
    assert {metric.label: metric.value for metric in app.metric}["Training pictures"] == "1,797"
    assert list(app.dataframe[0].value["Training"]) == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_a_banner_on_other_pages_leads_to_runs_under_way(runs: jobs.Jobs) -> None:
    run = runs.submit(RunSpec("lenet5_modern", "digits", **BRIEF), SOMEONE, "Night shift")
    app = AppTest.from_file("../../explorer/ui/main.py", default_timeout=WAIT)
    app.run()
    app.switch_page("../../pages/claims.py").run()
    (link,) = app.get("page_link")
    assert link.proto.label == "Night shift is under way"
    assert run.id in link.proto.query_string


def test_settings_that_make_no_sense_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_RUN_SECONDS", "long")
    assert "EXPLORER_RUN_SECONDS is a whole number from 1, not 'long'." in said(open_page())
