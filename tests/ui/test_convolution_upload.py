"""A picture of one's own on the Convolution page, run without a browser."""

from __future__ import annotations

import io

from PIL import Image
from streamlit.testing.v1 import AppTest

from explorer.units import MINUS


def opened() -> AppTest:
    """Convolution, opened where it asks for a picture."""
    app = AppTest.from_file("../../explorer/ui/main.py", default_timeout=120)
    app.query_params["picture"] = "own"
    app.run()
    app.switch_page("../../pages/convolution.py").run()
    assert not app.exception
    return app


def formulas(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown).replace(MINUS, "-")


def test_a_picture_of_ones_own_is_worked_on() -> None:
    app = opened()
    assert "Choose a picture" in app.info[0].value
    app.file_uploader[0].set_value(("mine.png", png(60, 40), "image/png")).run()
    assert "floor((40 + 2×0 - 3)/1) + 1 = 38" in formulas(app)


def test_a_file_that_is_no_picture_gets_one_sentence() -> None:
    app = opened()
    app.file_uploader[0].set_value(("mine.png", b"no picture at all", "image/png")).run()
    assert not app.exception
    assert len(app.error) == 1
    assert "Traceback" not in app.error[0].value


def test_a_large_picture_of_ones_own_is_made_smaller() -> None:
    app = opened()
    app.file_uploader[0].set_value(("mine.png", png(1728, 864), "image/png")).run()
    assert "floor((216 + 2×0 - 3)/1) + 1 = 214" in formulas(app)


def png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return file.getvalue()
