"""The views of the page, each in a tab of its own; only the open one is drawn."""

from __future__ import annotations

from functools import partial

from explorer.ui.predict import VIEWS, field, filters, hide, many, maps, robustness, steps, where
from explorer.ui.predict.question import Question
from explorer.ui.views import show_views

_DRAW = dict(
    zip(
        VIEWS,
        (steps.show, where.show, maps.show, filters.show, hide.show, field.show, robustness.show, many.show),
        strict=True,
    )
)


def show(question: Question) -> None:
    show_views({view: partial(draw, question) for view, draw in _DRAW.items()}, key="show")
