"""Every page in both themes, as a projector shows it: drawn, in its colours, and nothing cut off.

The pictures stay in the folder that EXPLORER_SCREENSHOTS names, to be looked at.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from idle import WAIT, wait_until_idle
from PIL import Image

pytestmark = pytest.mark.browser
PAGES = {  # what stands on each when it is done
    "explore": "[data-testid=stDataFrame] canvas",
    "compare": "table .best",
    "blocks": "svg g.node",
    "convolution": "[data-testid=stMain] img, [data-testid=stMain] svg",
    "train": "text=Predicted:",
    "predict": ".answers .bar",
    "claims": "article.card",
}
BACKGROUNDS = {"light": (255, 255, 255), "dark": (17, 24, 31)}


@pytest.mark.parametrize("scheme", BACKGROUNDS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_drawn_in_the_colours_of_its_theme(
    open_tab: Callable[..., Any], name: str, scheme: str, tmp_path: Path
) -> None:
    tab = open_tab(viewport={"width": 1920, "height": 1080}, color_scheme=scheme)
    tab.goto(f"/{name}")
    wait_until_idle(tab, tab.locator(PAGES[name]))
    tab.wait_for_function("!document.querySelector('[data-testid^=stSkeleton]')", timeout=WAIT)
    assert tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    shot = tab.screenshot()
    folder = Path(os.environ.get("EXPLORER_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}-{scheme}.png").write_bytes(shot)
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    colours = sorted(picture.getcolors(maxcolors=2**24) or [], reverse=True)
    count, most = colours[0]
    assert most == BACKGROUNDS[scheme]
    assert count < 0.97 * picture.width * picture.height, "there is next to nothing on the page"
