"""The sample pictures, and the thanks for them."""

import pytest

from explorer import samples

CREDITS = (samples.FOLDER / "CREDITS.md").read_text()
EVERY = pytest.mark.parametrize("name", samples.names())


@EVERY
def test_a_sample_is_a_small_jpeg_large_enough_for_a_network(name: str) -> None:
    sample = samples.get(name)
    assert len(sample.data()) < 60_000
    assert sample.data().startswith(b"\xff\xd8")
    assert sample.image().mode == "RGB"
    assert min(sample.image().size) >= 256


@EVERY
def test_the_credits_name_author_licence_and_source(name: str) -> None:
    sample = samples.get(name)
    (line,) = [line for line in CREDITS.splitlines() if f"`{name}.jpg`" in line]
    for text in (sample.author, sample.licence, sample.source, sample.link):
        assert text in line


def test_every_file_is_a_sample() -> None:
    assert {path.stem for path in samples.FOLDER.glob("*.jpg")} == set(samples.names())


def test_an_unknown_sample_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        samples.get("dog")
