"""The store of runs, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import pytest
from stored import ROOMY, SPEC, add, claim, get, line

from explorer.settings import Limits
from explorer.training.events import Event, Plan
from explorer.training.records import State
from explorer.training.report import Example, Report
from explorer.training.store import LimitError, Store, read_event, write_event

PLAN = Plan("CPU", "float32", 44, 44, 32, 1438, 359, 44, 1000, 2000)


def test_a_run_is_kept_as_it_was_asked_for(store: Store) -> None:
    run = get(store, add(store))
    assert (run.spec, run.name, run.owner, run.state) == (SPEC, "a run", "me", State.QUEUED)


def test_an_unknown_run_is_none(store: Store) -> None:
    assert store.get("nobody") is None


def test_runs_are_claimed_in_the_order_in_which_they_came(store: Store) -> None:
    asked = [add(store).id for _ in range(4)]
    assert [claim(store).id for _ in asked] == asked


def test_an_empty_queue_gives_nothing(store: Store) -> None:
    assert store.claim("here") is None


def test_two_workers_are_never_given_the_same_run(store: Store) -> None:
    asked = {add(store).id for _ in range(12)}
    with ThreadPoolExecutor(6) as workers:
        given = [run.id for run in workers.map(lambda _: store.claim("here"), range(24)) if run]
    assert sorted(given) == sorted(asked)


def test_the_place_in_the_queue_counts_who_came_before_and_still_waits(store: Store) -> None:
    first, second, third = (add(store) for _ in range(3))
    store.request_stop(second.id)
    assert [store.count_before(run) for run in (first, third)] == [0, 1]


def test_the_newest_runs_are_listed_first(store: Store) -> None:
    asked = [add(store).id for _ in range(3)]
    assert [run.id for run in store.latest(2)] == asked[:0:-1]


def test_runs_under_way_are_those_that_wait_or_train(store: Store) -> None:
    asked = [add(store) for _ in range(3)]
    store.settle(claim(store), State.FINISHED)
    claim(store)
    assert [run.id for run in store.under_way()] == [run.id for run in asked[1:]]


def test_more_runs_of_one_person_than_the_limit_are_refused(store: Store) -> None:
    add(store, limits=Limits(runs_per_person=1))
    with pytest.raises(LimitError, match="You have 1 run waiting or under way"):
        add(store, limits=Limits(runs_per_person=1))


def test_the_runs_of_others_do_not_count_as_ones_own(store: Store) -> None:
    add(store, owner="someone else")
    assert add(store, limits=Limits(runs_per_person=1)).state is State.QUEUED


def test_runs_that_have_ended_do_not_count(store: Store) -> None:
    store.request_stop(add(store).id)
    assert add(store, limits=Limits(runs_per_person=1)).state is State.QUEUED


def test_a_teacher_may_have_any_number_of_runs(store: Store) -> None:
    add(store)
    assert store.add(SPEC, "me", "another", Limits(runs_per_person=1), is_teacher=True).state is State.QUEUED


def test_a_full_queue_takes_no_more(store: Store) -> None:
    add(store, owner="someone else")
    with pytest.raises(LimitError, match="queue is full: 1 run waits"):
        add(store, limits=Limits(queue_length=1))


def test_no_limit_is_passed_by_many_who_ask_at_once(store: Store) -> None:
    def ask(_: int) -> bool:
        try:
            add(store, limits=Limits(runs_per_person=3))
        except LimitError:
            return False
        return True

    store.latest()
    with ThreadPoolExecutor(8) as visitors:
        assert sum(visitors.map(ask, range(16))) == 3


def test_events_come_back_after_the_number_asked_for(store: Store) -> None:
    add(store)
    run = claim(store)
    store.write(run, [line(number) for number in range(1, 6)])
    assert [found.number for found in store.lines(run.id, since=3)] == [4, 5]


def test_the_last_events_come_in_their_order(store: Store) -> None:
    add(store)
    run = claim(store)
    store.write(run, [line(number) for number in range(1, 6)])
    assert [found.number for found in store.last_lines(run.id, 2)] == [4, 5]


def test_events_that_are_told_twice_are_kept_once(store: Store) -> None:
    add(store)
    run = claim(store)
    for _ in range(2):
        store.write(run, [line(1), line(2)])
    assert [event.step for event in store.events(run.id)] == [1, 2]


def test_an_event_comes_back_as_it_was_with_nan_and_infinity() -> None:
    event = Event(7, 1, 0.1, train_loss=math.inf, val_loss=-math.inf, learning_rate=1e-300, ended="diverged")
    assert read_event(write_event(event)) == event
    assert math.isnan(read_event(write_event(Event(1, 1, 0.0, train_loss=math.nan))).train_loss or 0)


def test_the_first_event_sets_a_run_running_with_its_plan(store: Store) -> None:
    add(store)
    run = claim(store)
    assert store.write(run, []) is State.STARTING
    assert store.write(run, [line(1)], PLAN) is State.RUNNING
    assert get(store, run).plan == PLAN


def test_a_worker_hears_that_it_is_to_stop(store: Store) -> None:
    run = add(store)
    claimed = claim(store)
    store.request_stop(run.id)
    assert store.write(claimed, [line(1)]) is State.STOPPING


def test_a_run_that_waits_is_stopped_at_once(store: Store) -> None:
    run = add(store)
    store.request_stop(run.id)
    assert get(store, run).state is State.STOPPED
    assert store.claim("here") is None


def test_to_stop_a_run_that_has_ended_changes_nothing(store: Store) -> None:
    add(store)
    run = claim(store)
    store.settle(run, State.FINISHED)
    store.request_stop(run.id)
    assert get(store, run).state is State.FINISHED


def test_a_report_comes_back_as_it_was(store: Store) -> None:
    example = Example(3, 0, 1, 0.9, 1, 2, 1, b"\x00\xff")
    report = Report(("no", "yes"), False, ((1, 1), (0, 2)), (0.5, None), (), (example,))
    add(store)
    run = claim(store)
    assert store.settle(run, State.FINISHED, report=report)
    assert store.report(run.id) == report


def test_there_is_no_report_before_the_end(store: Store) -> None:
    assert store.report(add(store).id) is None


@pytest.mark.parametrize("state", [State.STOPPED, State.FAILED, State.INTERRUPTED])
def test_a_run_that_was_cut_short_can_be_queued_again(store: Store, state: State) -> None:
    add(store)
    run = claim(store)
    store.settle(run, state, "why")
    assert store.requeue(run.id, "me", ROOMY)
    again = claim(store)
    assert (again.id, again.attempt, again.problem) == (run.id, 2, None)


def test_a_finished_run_cannot_be_queued_again(store: Store) -> None:
    add(store)
    run = claim(store)
    store.settle(run, State.FINISHED)
    assert not store.requeue(run.id, "me", ROOMY)


def test_a_run_that_is_queued_again_waits_behind_the_others(store: Store) -> None:
    first, second = add(store), add(store)
    store.request_stop(first.id)
    store.requeue(first.id, "me", ROOMY)
    assert [claim(store).id, claim(store).id] == [second.id, first.id]


def test_a_rewind_forgets_what_came_after_a_step_and_goes_on_counting(store: Store) -> None:
    add(store)
    run = claim(store)
    store.write(run, [line(number, step=10 * number) for number in range(1, 6)])
    assert store.rewind(run, 30) == 3
    assert [found.step for found in store.lines(run.id)] == [10, 20, 30]


def test_a_silent_run_is_interrupted(store: Store) -> None:
    run = add(store)
    assert store.interrupt(claim(store), "Its worker was lost.")
    assert (get(store, run).state, get(store, run).problem) == (State.INTERRUPTED, "Its worker was lost.")


def test_a_run_that_gave_a_sign_of_life_meanwhile_is_not_interrupted(store: Store) -> None:
    add(store)
    run = claim(store)
    store.write(run, [])
    assert not store.interrupt(run, "Its worker was lost.")


def test_a_worker_that_was_given_up_and_comes_back_goes_on(store: Store) -> None:
    add(store)
    run = claim(store)
    store.interrupt(run, "Its worker was lost.")
    assert store.write(run, [line(1)]) is State.RUNNING
    assert get(store, run).problem is None


def test_a_run_that_was_to_stop_stays_stopped_though_its_worker_comes_back(store: Store) -> None:
    add(store)
    run = claim(store)
    store.request_stop(run.id)
    store.interrupt(run, "Its worker was lost.")
    assert (get(store, run).state, get(store, run).problem) == (State.STOPPED, "Its worker was lost.")
    assert store.write(run, [line(1)]) is None


def test_a_worker_whose_run_has_gone_on_elsewhere_writes_nothing(store: Store) -> None:
    add(store)
    old = claim(store)
    store.interrupt(old, "Its worker was lost.")
    store.requeue(old.id, "me", ROOMY)
    claim(store)
    assert store.write(old, [line(1)]) is None
    assert not store.settle(old, State.FINISHED)
    assert store.lines(old.id) == []


def test_a_deleted_run_leaves_nothing_and_its_worker_is_told(store: Store) -> None:
    add(store)
    run = claim(store)
    store.write(run, [line(1)])
    store.delete(run.id)
    assert store.get(run.id) is None
    assert store.lines(run.id) == []
    assert store.write(run, [line(2)]) is None


def test_a_run_is_renamed(store: Store) -> None:
    run = add(store)
    store.rename(run.id, "better")
    assert get(store, run).name == "better"
