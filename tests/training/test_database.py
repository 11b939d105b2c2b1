"""The database under the store of runs: its tables, its queries, and what is wrong with it in a sentence."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from postgres import Postgres
from sqlalchemy import create_engine, make_url, text
from stored import add, claim, get, line

from explorer.training.database import StoreError, metadata
from explorer.training.records import Record
from explorer.training.store import Store


def test_two_processes_may_make_the_tables_at_once(database: str) -> None:
    barrier = threading.Barrier(4)

    def look(_: int) -> list[Record]:
        opened = Store(database)
        barrier.wait()
        try:
            return opened.latest()
        finally:
            opened.close()

    with ThreadPoolExecutor(4) as processes:
        assert list(processes.map(look, range(4))) == [[], [], [], []]


def test_tables_of_another_version_are_refused_in_a_sentence(store: Store, database: str) -> None:
    add(store)
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE queue SET version = 99"))
    engine.dispose()
    other = Store(database)
    with pytest.raises(StoreError, match="tables of version 99"):
        other.latest()
    other.close()


def test_events_after_a_number_are_found_by_index(store: Store, database: str) -> None:
    add(store)
    run = claim(store)
    store.write(run, [line(number) for number in range(1, 4001)])
    engine = create_engine(database)
    with engine.begin() as connection:
        explain = "EXPLAIN QUERY PLAN" if database.startswith("sqlite") else "EXPLAIN"
        if explain == "EXPLAIN":
            connection.execute(text("ANALYZE events"))
        query = f"{explain} SELECT number FROM events WHERE run_id = '{run.id}' AND number > 3990 ORDER BY number"
        plan = str(connection.execute(text(query)).all())
    engine.dispose()
    assert "USING COVERING INDEX" in plan or "Index" in plan


def test_a_database_that_is_gone_is_one_sentence_and_comes_back(postgres: Postgres) -> None:
    opened = Store(postgres.make_database("gone"))
    run = add(opened)
    postgres.stop()
    with pytest.raises(StoreError, match="The database of runs does not answer"):
        opened.latest()
    postgres.start()
    assert [found.id for found in opened.latest()] == [run.id]
    opened.close()


def test_tables_that_were_taken_away_are_one_sentence_and_made_again(store: Store, database: str) -> None:
    add(store)
    engine = create_engine(database)
    metadata.drop_all(engine)
    engine.dispose()
    with pytest.raises(StoreError, match=r"The database of runs .*\bruns\b"):
        store.latest()
    assert store.latest() == []


def test_a_role_that_may_not_make_tables_is_told_so(postgres: Postgres) -> None:
    url = postgres.make_database("guarded")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
        connection.execute(text("CREATE ROLE guest LOGIN"))
    engine.dispose()
    opened = Store(str(make_url(url).set(username="guest")))
    with pytest.raises(StoreError, match="permission denied"):
        opened.latest()
    opened.close()


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    opened = Store(f"postgresql+psycopg://me:secret@/runs?host={tmp_path}")
    with pytest.raises(StoreError) as caught:
        opened.latest()
    assert "secret" not in str(caught.value)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="does not answer"):
        Store(f"sqlite:///{tmp_path / 'file' / 'runs.sqlite'}").latest()


@pytest.mark.parametrize("url", ["nonsense", "nosuch://here"])
def test_a_bad_address_is_one_sentence(url: str) -> None:
    with pytest.raises(StoreError, match="address of the database is not understood"):
        Store(url)


def test_readers_are_not_kept_waiting_by_a_writer(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'runs.sqlite'}"
    opened = Store(url)
    run = add(opened)
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql("UPDATE runs SET name = 'later'")
        assert get(opened, run).name == "a run"
    engine.dispose()
    opened.close()
