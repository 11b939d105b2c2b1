import pytest

from explorer import units
from explorer.units import MINUS, TIMES


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (9_472, "9,472"),
        (9_999, "9,999"),
        (10_000, "10.00 k"),
        (163_696, "163.7 k"),
        (999_949, "999.9 k"),
        (999_960, "1.00 M"),
        (6_998_552, "7.00 M"),
        (138_357_544, "138.4 M"),
        (15_470_264_320, "15.47 G"),
        (2_000_000_000_000_000, "2,000.0 T"),
        (-21_000_000, f"{MINUS}21.00 M"),
    ],
)
def test_a_count_keeps_about_four_digits(number: int, text: str) -> None:
    assert units.short(number) == text


@pytest.mark.parametrize(
    ("macs", "text"), [(15_470_264_320, "15.47 GMACs"), (416_520, "416.5 kMACs"), (840, "840 MACs")]
)
def test_macs_carry_their_unit(macs: int, text: str) -> None:
    assert units.short_macs(macs) == text


def test_an_exact_count_shows_every_digit() -> None:
    assert units.exact(138_357_544) == "138,357,544"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (1_023, "1,023 B"),
        (1_024, "1.00 KiB"),
        (246_824, "241.0 KiB"),
        (2**20 - 1, "1.00 MiB"),
        (553_430_176, "527.8 MiB"),
        (2**30, "1.00 GiB"),
        (80 * 2**30, "80.00 GiB"),
    ],
)
def test_bytes_are_counted_in_powers_of_1024(size: int, text: str) -> None:
    assert units.short_bytes(size) == text


@pytest.mark.parametrize(("size", "text"), [(2**19, "0.50 MiB"), (4_330 * 2**20, "4,330.0 MiB")])
def test_mebibytes_stay_mebibytes(size: int, text: str) -> None:
    assert units.mebibytes(size) == text


@pytest.mark.parametrize(("sizes", "text"), [((64, 112, 112), f"64{TIMES}112{TIMES}112"), ((1000,), "1000"), ((), "")])
def test_a_shape_is_joined_by_multiplication_signs(sizes: tuple[int, ...], text: str) -> None:
    assert units.shape(sizes) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0.0 %"), (0.0001, "< 0.1 %"), (0.0005, "0.1 %"), (0.8936, "89.4 %"), (1, "100.0 %")]
)
def test_a_share_is_shown_in_percent(share: float, text: str) -> None:
    assert units.percent(share) == text


@pytest.mark.parametrize(
    ("factor", "text"), [(19.77, f"19.8{TIMES}"), (2.4, f"2.40{TIMES}"), (1234.6, f"1,235{TIMES}")]
)
def test_a_ratio_ends_in_a_multiplication_sign(factor: float, text: str) -> None:
    assert units.ratio(factor) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.05, "50 ms"),
        (0.9996, "1.0 s"),
        (1.23, "1.2 s"),
        (59.97, "1 min 0 s"),
        (200, "3 min 20 s"),
        (3599.7, "1 h 0 min"),
        (7_512, "2 h 5 min"),
    ],
)
def test_a_time_is_told_in_its_usual_units(seconds: float, text: str) -> None:
    assert units.duration(seconds) == text
