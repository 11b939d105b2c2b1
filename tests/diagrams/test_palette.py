"""The palette is read easily in both themes (WCAG 2.2: 4.5 for text, 3 for the outline of what carries meaning)."""

import pytest

from explorer.analysis.rows import GROUPS
from explorer.diagrams.style import LINE, PAGE, TEXT, classes
from explorer.palette import HEAT_SHARES, KINDS, THEMES, Theme, Tone, contrast, heat_step

TONES = [
    pytest.param(tone, theme, id=f"{name}-{theme}")
    for name, tones in classes().items()
    for theme, tone in zip(THEMES, tones, strict=True)
]


def test_every_group_has_a_colour() -> None:
    assert tuple(KINDS) == GROUPS


def test_no_two_groups_share_word_or_colour() -> None:
    kinds = KINDS.values()
    assert len({kind.word for kind in kinds}) == len({kind.light.fill for kind in kinds}) == len(KINDS)


@pytest.mark.parametrize(("tone", "theme"), TONES)
def test_text_stands_out_from_its_fill(tone: Tone, theme: Theme) -> None:
    assert contrast(tone.fill, tone.text) >= 4.5


@pytest.mark.parametrize(("tone", "theme"), TONES)
def test_outlines_stand_out_from_the_page(tone: Tone, theme: Theme) -> None:
    assert contrast(tone.line, PAGE[theme]) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_labels_and_lines_stand_out_from_the_page(theme: Theme) -> None:
    assert contrast(TEXT[theme], PAGE[theme]) >= 4.5
    assert contrast(LINE[theme], PAGE[theme]) >= 4.5


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(("share", "step"), [(0, 0), (0.0001, 1), (0.005, 2), (0.0999, 5), (0.1, 6), (0.2, 7), (1, 7)])
def test_heat_steps_begin_at_their_share(share: float, step: int) -> None:
    assert heat_step(share) == step
    assert len(HEAT_SHARES) == 8
