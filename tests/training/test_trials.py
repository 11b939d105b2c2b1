"""How fast a run would be: asked by a page, tried out by a worker, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small_runs import small

from explorer.settings import Limits
from explorer.training import RunSpec, pace
from explorer.training import trials as trials_module
from explorer.training.estimate import Estimate, predict_seconds
from explorer.training.pace import measure_pace
from explorer.training.records import State
from explorer.training.store import Store
from explorer.training.trials import Pace, Trial
from explorer.training.worker import Setting, take_turn

ANSWER = Trial(Pace(0.25, 0.125))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that the trials go by, as the one number of a list."""
    now = [1_000_000.0]
    monkeypatch.setattr(trials_module.time, "time", lambda: now[0])
    return now


def test_what_is_asked_for_the_first_time_is_news_to_the_workers(store: Store) -> None:
    assert store.trials.ask(small()) == (Trial(), True)
    assert store.trials.ask(small()) == (Trial(), False)


def test_one_worker_takes_it_and_its_answer_is_kept(store: Store) -> None:
    store.trials.ask(small())
    assert store.trials.take() == small()
    assert store.trials.take() is None
    store.trials.answer(small(), ANSWER)
    assert store.trials.ask(small()) == (ANSWER, False)
    assert store.trials.take() is None


def test_runs_that_are_as_fast_share_an_answer(store: Store) -> None:
    store.trials.ask(small())
    store.trials.answer(small(), ANSWER)
    alike = small(epochs=9, seed=3, learning_rate=0.1, schedule="cosine", weight_decay=1e-4, validation_share=0.2)
    assert store.trials.ask(alike)[0] == ANSWER
    for other in (
        small(batch_size=8),
        small(optimizer="sgd"),
        small(options={"activation": "relu"}),
        small(augmentation="flip"),
    ):
        assert store.trials.ask(other)[0] == Trial()


def test_what_was_asked_last_is_tried_first(store: Store, clock: list[float]) -> None:
    for batch_size in (2, 4, 8):
        clock[0] += 1
        store.trials.ask(small(batch_size=batch_size))
    assert [spec.batch_size for spec in iter(store.trials.take, None)] == [8, 4, 2]


def test_nobody_tries_what_no_page_waits_for_any_more(store: Store, clock: list[float]) -> None:
    store.trials.ask(small())
    clock[0] += trials_module.INTEREST_SECONDS + 1
    assert store.trials.take() is None
    assert store.trials.ask(small()) == (Trial(), True)
    assert store.trials.take() == small()


def test_a_worker_that_was_lost_with_it_leaves_it_to_another(store: Store, clock: list[float]) -> None:
    store.trials.ask(small())
    assert store.trials.take() == small()
    clock[0] += trials_module.LOST_SECONDS + 1
    store.trials.ask(small())
    assert store.trials.take() == small()


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [(ANSWER, trials_module.KEEP_SECONDS), (Trial(problem="It is too large."), trials_module.PROBLEM_SECONDS)],
)
def test_an_answer_is_asked_for_anew_when_it_is_old(
    store: Store, clock: list[float], answer: Trial, seconds: float
) -> None:
    store.trials.ask(small())
    store.trials.answer(small(), answer)
    clock[0] += seconds - 1
    assert store.trials.ask(small()) == (answer, False)
    clock[0] += 2
    assert store.trials.ask(small()) == (Trial(), True)
    assert store.trials.take() == small()


def test_many_may_ask_at_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: store.trials.ask(small()), range(24)))
    assert {trial for trial, _ in answers} == {Trial()}
    assert [store.trials.take(), store.trials.take()] == [small(), None]


@pytest.fixture
def setting(database: str, tmp_path: Path) -> Setting:
    return Setting(database, str(tmp_path), 60, "cpu")


def test_a_worker_with_nothing_else_to_do_tries_it_out(store: Store, setting: Setting) -> None:
    store.trials.ask(small())
    assert take_turn(setting) == 0  # runs
    found, _ = store.trials.ask(small())
    assert found.pace is not None
    assert 0 < found.pace.batch_seconds < found.pace.step_seconds < 1


def test_runs_that_wait_come_first(store: Store, setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    run = store.add(small(), "me", "a run", Limits())
    states = []
    monkeypatch.setattr(pace, "measure_pace", lambda *_: states.append(store.get(run.id).state) or ANSWER.pace)
    store.trials.ask(small(batch_size=8))
    assert take_turn(setting) == 1
    assert states == [State.FINISHED]


def test_a_trial_ends_early_when_a_run_waits(store: Store, setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "TRIAL_SECONDS", 60.0)
    original = pace.time_step_and_batch

    def begun(*how: object) -> tuple[float, float]:
        store.add(small(), "me", "a run", Limits())
        return original(*how)

    monkeypatch.setattr(pace, "time_step_and_batch", begun)
    store.trials.ask(small())
    assert take_turn(setting) == 1
    assert store.trials.ask(small())[0].pace is not None


def test_what_keeps_a_run_from_training_is_the_answer(
    store: Store, setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "free_bytes", lambda device: 2**20)
    store.trials.ask(small())
    take_turn(setting)
    assert "batch of 16 takes" in (store.trials.ask(small())[0].problem or "")


def test_a_trial_that_breaks_off_is_told_in_a_sentence(
    store: Store, setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Pace:
        raise RuntimeError("no kernel")

    monkeypatch.setattr(pace, "measure_pace", fail)
    store.trials.ask(small())
    take_turn(setting)
    assert store.trials.ask(small())[0].problem == "Trying it out broke off. RuntimeError: no kernel"


def test_the_predicted_time_counts_steps_and_measurements() -> None:
    found = Estimate(train_pictures=64, validation_pictures=90, steps_per_epoch=4, seconds=None)
    # 12 steps of 0.25 s, and 3 times 6 batches of 0.125 s
    assert predict_seconds(small(), found, Pace(0.25, 0.125)) == 12 * 0.25 + 3 * 6 * 0.125
    # 10 steps, measured after the fourth, the eighth and in the end
    assert predict_seconds(small(steps=10), found, Pace(0.25, 0.125)) == 10 * 0.25 + 3 * 6 * 0.125


def test_a_batch_that_takes_long_on_a_cpu_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def timed(learner: object, batches: pace.Batches, *how: object) -> tuple[float, float]:
        sizes.append(batches.batch_size)
        return 1.0, 0.5

    monkeypatch.setattr(pace, "time_step_and_batch", timed)
    spec = RunSpec("vgg16", "digits", epochs=1, batch_size=16, input_size=64)
    found = measure_pace(spec, "cpu", lambda: False)
    assert sizes == [2]
    assert found == Pace(8.0, 4.0)
