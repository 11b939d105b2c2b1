"""How fast a run would be: asked by a page, tried out by a worker, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from small_runs import small
from sqlalchemy import update

from explorer.settings import Limits
from explorer.training import RunSpec, pace, worker
from explorer.training import trials as trials_module
from explorer.training.batches import Batches
from explorer.training.database import StoreError, trials
from explorer.training.estimate import predict_seconds
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


def taken(store: Store) -> list[RunSpec]:
    """What workers are given to try out, until nothing is left."""
    return [RunSpec.from_json(wanted.spec_json) for wanted in iter(store.trials.take, None)]


def answered(store: Store, answer: Trial) -> None:
    wanted = store.trials.take()
    assert wanted is not None
    store.trials.answer(wanted, answer)


def test_what_is_asked_for_the_first_time_is_news_to_the_workers(store: Store) -> None:
    assert store.trials.ask(small()) == (Trial(), True)
    assert store.trials.ask(small()) == (Trial(), False)


def test_one_worker_takes_it_and_its_answer_is_kept(store: Store) -> None:
    store.trials.ask(small())
    wanted = store.trials.take()
    assert wanted is not None
    assert wanted.spec_json == small().to_json()
    assert store.trials.take() is None
    store.trials.answer(wanted, ANSWER)
    assert store.trials.ask(small()) == (ANSWER, False)
    assert store.trials.take() is None


def test_runs_that_are_as_fast_share_an_answer(store: Store) -> None:
    store.trials.ask(small())
    answered(store, ANSWER)
    alike = small(epochs=9, seed=3, learning_rate=0.1, schedule="cosine", weight_decay=1e-4, validate_every=2)
    assert store.trials.ask(alike)[0] == ANSWER
    others = ({"batch_size": 8}, {"optimizer": "sgd"}, {"pictures": 32}, {"validation_share": 0.5})
    for other in (*others, {"options": {"activation": "relu"}}, {"augmentation": "flip"}, {"labels": ("1", "2")}):
        assert store.trials.ask(small(**other))[0] == Trial()


def test_what_was_asked_last_is_tried_first(store: Store, clock: list[float]) -> None:
    for batch_size in (2, 4, 8):
        clock[0] += 1
        store.trials.ask(small(batch_size=batch_size))
    assert [spec.batch_size for spec in taken(store)] == [8, 4, 2]


def test_nobody_tries_what_no_page_waits_for_any_more(store: Store, clock: list[float]) -> None:
    store.trials.ask(small())
    clock[0] += trials_module.INTEREST_SECONDS + 1
    store.trials.ask(small(batch_size=8))
    assert taken(store) == [small(batch_size=8)]
    assert store.trials.ask(small()) == (Trial(), True)
    assert taken(store) == [small()]
    store.trials.ask(small(batch_size=4))
    clock[0] += trials_module.LOST_SECONDS + 1
    assert taken(store) == []


def test_a_trial_that_makes_way_is_taken_again(store: Store) -> None:
    store.trials.ask(small())
    answered(store, Trial())
    assert store.trials.ask(small())[0] == Trial()
    assert taken(store) == [small()]


def test_a_worker_that_was_lost_with_it_is_told_and_nobody_is_lost_after_it(store: Store, clock: list[float]) -> None:
    store.trials.ask(small())
    taken(store)
    for _ in range(13):  # the page goes on asking
        clock[0] += trials_module.INTEREST_SECONDS
        store.trials.ask(small())
    assert store.trials.ask(small()) == (Trial(problem=trials_module.LOST), False)
    assert taken(store) == []


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [(ANSWER, trials_module.KEEP_SECONDS), (Trial(problem="It is too large."), trials_module.PROBLEM_SECONDS)],
)
def test_an_answer_is_asked_for_anew_when_it_is_old(
    store: Store, clock: list[float], answer: Trial, seconds: float
) -> None:
    store.trials.ask(small())
    answered(store, answer)
    clock[0] += seconds - 1
    assert store.trials.ask(small()) == (answer, False)
    clock[0] += 2
    assert store.trials.ask(small()) == (Trial(), True)
    assert taken(store) == [small()]


def test_many_may_ask_at_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: store.trials.ask(small()), range(24)))
    assert {trial for trial, _ in answers} == {Trial()}
    assert taken(store) == [small()]


@pytest.fixture
def setting(database: str, tmp_path: Path) -> Setting:
    return Setting(database, str(tmp_path), 60, "cpu")


def test_a_worker_with_nothing_else_to_do_tries_it_out(store: Store, setting: Setting) -> None:
    store.trials.ask(small())
    assert take_turn(setting) == 0  # runs
    found, _ = store.trials.ask(small())
    assert found.pace is not None
    assert min(found.pace) > 0


def test_runs_that_wait_come_first(store: Store, setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    run = store.add(small(), "me", "a run", Limits())
    states = []
    monkeypatch.setattr(pace, "measure_pace", lambda *_: states.append(store.get(run.id).state) or ANSWER.pace)
    store.trials.ask(small(batch_size=8))
    assert take_turn(setting) == 1
    assert states == [State.FINISHED]


def test_a_trial_ends_after_the_next_step_when_a_run_waits(
    store: Store, setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "TRIAL_SECONDS", 600.0)
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.0)
    steps = []

    class Watched(pace.Learner):
        def train(self, *how: Any, **more: Any) -> None:
            steps.append(1)
            super().train(*how, **more)
            if len(steps) == 3:
                store.add(small(), "me", "a run", Limits())

    monkeypatch.setattr(pace, "Learner", Watched)
    store.trials.ask(small())
    assert take_turn(setting) == 1
    assert len(steps) == 3
    assert store.trials.ask(small())[0].pace is not None


def test_a_trial_that_has_not_begun_makes_way_for_a_run(
    store: Store, setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = pace.select

    def late(spec: RunSpec) -> Any:
        store.add(small(), "me", "a run", Limits())
        monkeypatch.setattr(pace, "select", original)
        return original(spec)

    monkeypatch.setattr(pace, "select", late)
    store.trials.ask(small())
    assert take_turn(setting) == 1
    assert store.trials.ask(small())[0].pace is not None  # found out after the run


def test_pictures_that_this_worker_does_not_have_are_the_answer(store: Store, setting: Setting) -> None:
    store.trials.ask(small())
    wanted = store.trials.take()
    assert wanted is not None
    with store._database.transaction() as connection:
        elsewhere = small().to_json().replace('"digits"', '"own-0123456789"')
        connection.execute(update(trials).values(spec_json=elsewhere, taken_at=None))
    take_turn(setting)
    assert "own-0123456789" in (store.trials.ask(small())[0].problem or "")


def test_a_database_that_is_gone_for_a_moment_is_not_the_answer(
    store: Store, setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(self: Store) -> bool:
        raise StoreError("The database of runs does not answer.")

    monkeypatch.setattr(Store, "has_waiting", gone)
    store.trials.ask(small())
    take_turn(setting)
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
    # 12 steps of 0.25 s, and 3 times 90 pictures of 0.125 s
    assert predict_seconds(small(), Pace(0.25, 0.125)) == 12 * 0.25 + 3 * 90 * 0.125
    # 10 steps, measured after the fourth, the eighth and in the end
    assert predict_seconds(small(steps=10), Pace(0.25, 0.125)) == 10 * 0.25 + 3 * 90 * 0.125


def test_no_more_than_a_batch_is_loaded_to_try_a_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[int] = []
    monkeypatch.setattr(pace, "TRIAL_SECONDS", 0.01)
    monkeypatch.setattr(
        pace,
        "Batches",
        lambda spec, few, *how: loaded.extend(map(len, few[:2])) or Batches(spec, few, *how),
    )
    assert measure_pace(small(pictures=None, validation_share=0.2), "cpu", lambda: False) is not None
    assert loaded == [16, 16]


def test_a_batch_that_takes_long_on_a_cpu_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def timed(learner: object, batches: pace.Batches, *how: object, **more: object) -> tuple[float, float]:
        sizes.append(batches.batch_size)
        return 1.0, 0.5

    monkeypatch.setattr(pace, "time_step_and_batch", timed)
    monkeypatch.setattr(pace, "time_act", lambda *how: 0.75)  # the optimizer's step
    spec = RunSpec("vgg16", "digits", epochs=1, batch_size=16, input_size=64)
    found = measure_pace(spec, "cpu", lambda: False)
    assert sizes == [2]
    assert found == Pace(0.75 + 0.25 * 16 / 2, 0.25)  # of 16 pictures, and of one
