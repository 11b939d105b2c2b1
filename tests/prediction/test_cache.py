"""Loaded networks: once each, shared, and let go when memory gets short."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import nn

from explorer.download import Progress
from explorer.prediction.cache import LEAST_FREE_BYTES, ModelCache
from explorer.prediction.model import Model
from explorer.prediction.preprocessing import Preprocessing

BYTES = 4 * 1000  # of each network below


def model(name: str) -> Model:
    with torch.no_grad():
        network = nn.Linear(1000, 1, bias=False)
    return Model(name, name, "lenet5", network, Preprocessing(1, 1, (0.5,), (0.5,)), ("a", "b"), 1, "a test")


class Loader:
    """Counts what it is asked for; `obstacle` runs first."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.obstacle = lambda: None

    def __call__(self, name: str, progress: Progress | None) -> Model:
        self.asked.append(name)
        self.obstacle()
        return model(name)


def roomy(loader: Loader) -> ModelCache:
    return ModelCache(loader, budget_bytes=10 * BYTES, free_bytes=lambda: 10 * LEAST_FREE_BYTES)


def test_a_network_is_loaded_once() -> None:
    loader = Loader()
    cache = roomy(loader)
    assert cache.get("a") is cache.get("a")
    assert loader.asked == ["a"]


def test_many_threads_that_ask_at_once_share_one_network() -> None:
    loader = Loader()
    cache = roomy(loader)
    barrier = threading.Barrier(8)

    def ask(_: int) -> Model:
        barrier.wait(10)
        return cache.get("a")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    assert loader.asked == ["a"]


def test_one_network_that_takes_long_does_not_hold_up_another() -> None:
    loader = Loader()
    cache = roomy(loader)
    begun, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        if loader.asked == ["slow"]:
            begun.set()
            assert go_on.wait(10)

    loader.obstacle = wait
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(cache.get, "slow")
        assert begun.wait(10)
        assert cache.get("quick").name == "quick"
        go_on.set()
        assert slow.result(10).name == "slow"


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_a_load_that_fails_is_tried_again_by_the_next(error: type[BaseException]) -> None:
    loader = Loader()
    cache = roomy(loader)

    def fail() -> None:
        raise error

    loader.obstacle = fail
    with pytest.raises(error):
        cache.get("a")
    loader.obstacle = lambda: None
    assert cache.get("a").name == "a"


def test_beyond_the_budget_the_least_recently_asked_is_let_go() -> None:
    cache = ModelCache(Loader(), budget_bytes=2 * BYTES, free_bytes=lambda: 10 * LEAST_FREE_BYTES)
    for name in ("a", "b", "a", "c"):
        cache.get(name)
    assert cache.names() == ("a", "c")


def test_a_single_network_may_be_larger_than_the_budget() -> None:
    cache = ModelCache(Loader(), budget_bytes=1, free_bytes=lambda: 10 * LEAST_FREE_BYTES)
    assert cache.get("a") is cache.get("a")


def test_when_memory_gets_short_all_others_are_let_go() -> None:
    free = [10 * LEAST_FREE_BYTES]
    cache = ModelCache(Loader(), budget_bytes=10 * BYTES, free_bytes=lambda: free[0])
    for name in ("a", "b", "c"):
        cache.get(name)
    free[0] = LEAST_FREE_BYTES - 1
    cache.get("d")
    assert cache.names() == ("d",)


def test_a_network_whose_weights_changed_is_loaded_anew() -> None:
    loader = Loader()
    cache = roomy(loader)
    before = cache.get("a", version="")
    assert cache.get("a", version="") is before
    assert cache.get("a", version="2") is not before


def test_memory_that_gets_short_later_is_given_back_with_the_next_question() -> None:
    free = [10 * LEAST_FREE_BYTES]
    cache = ModelCache(Loader(), budget_bytes=10 * BYTES, free_bytes=lambda: free[0])
    for name in ("a", "b", "c"):
        cache.get(name)
    free[0] = LEAST_FREE_BYTES - 1
    cache.get("b")
    assert cache.names() == ("b",)


def test_progress_is_passed_on() -> None:
    heard: list[object] = []

    def load(name: str, progress: Progress | None) -> Model:
        assert progress is not None
        progress(1, 2)
        return model(name)

    cache = ModelCache(load, budget_bytes=BYTES, free_bytes=lambda: 10 * LEAST_FREE_BYTES)
    cache.get("a", lambda done, total: heard.append((done, total)))
    assert heard == [(1, 2)]
