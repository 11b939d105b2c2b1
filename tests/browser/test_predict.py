"""Predict in a real browser: files, the camera, the clipboard and the field to draw on."""

from __future__ import annotations

import re
import shutil
from typing import Any

import pytest
from idle import WAIT, wait_until_idle

from explorer import samples
from explorer.ui.predict import VIEWS

pytestmark = pytest.mark.browser

FILE_ON_CLIPBOARD = """async ([element, bytes]) => {
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(bytes)], "clip.jpg", { type: "image/jpeg" }));
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: files, bubbles: true }));
}"""


def ready(page: Any) -> None:
    wait_until_idle(page, page.get_by_role("tab", name=VIEWS[0]))


def opened(page: Any, address: str = "") -> None:
    page.goto(f"/predict{address}")
    ready(page)


def says(page: Any, label: str) -> None:
    page.locator(".answers li:first-child .label", has_text=label).first.wait_for(timeout=WAIT)


def file(name: str) -> dict[str, Any]:
    return {"name": f"my-{name}.jpg", "mimeType": "image/jpeg", "buffer": samples.get(name).data()}


def test_uploaded_pictures_are_answered_and_stand_side_by_side(page: Any) -> None:
    opened(page, "?from=upload&show=All+pictures")
    page.locator("input[type=file]").set_input_files([file("camera"), file("coffee")])
    for name, label in (("coffee", "espresso"), ("camera", "tripod")):  # they arrive in any order
        page.locator(".gallery button", has_text=f"my-{name}.jpg").first.click()
        says(page, label)
    page.get_by_role("button", name="Forget my pictures").click()
    says(page, "cat")
    page.get_by_text("my-coffee.jpg").first.wait_for(state="detached", timeout=WAIT)


def test_a_shot_of_the_camera_is_answered(chromium: Any, server: str) -> None:
    with_camera = chromium.browser_type.launch(
        executable_path=shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome"),
        args=["--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
    )
    try:
        page = with_camera.new_context(base_url=server, permissions=["camera"]).new_page()
        opened(page, "?from=camera")
        before = page.locator(".answers").first.inner_text()
        page.wait_for_function("document.querySelector('video')?.videoWidth > 0", timeout=WAIT)
        page.get_by_role("button", name="Take Photo").click(timeout=WAIT)
        page.get_by_text("from the camera").first.wait_for(timeout=WAIT)
        ready(page)
        assert page.locator(".answers").first.inner_text() != before  # that was about the sample
        assert page.get_by_text("Until you give a picture").count() == 0
    finally:
        with_camera.close()


def test_a_picture_from_the_clipboard_is_answered(page: Any) -> None:
    opened(page, "?from=paste")
    field = page.get_by_role("button", name="Paste a picture here")
    field.wait_for(timeout=WAIT)
    page.evaluate(FILE_ON_CLIPBOARD, [field.element_handle(), list(samples.get("coffee").data())])
    says(page, "espresso")


def test_a_drawn_stroke_is_answered_and_can_be_cleared(page: Any) -> None:
    opened(page, "?from=draw&net=untrained-lenet5_modern")
    frame = page.locator(".drawing canvas").bounding_box()
    page.mouse.move(frame["x"] + 120, frame["y"] + 40)
    page.mouse.down()
    page.mouse.move(frame["x"] + 120, frame["y"] + 190, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="drawn").wait_for(timeout=WAIT)
    page.get_by_text("Random weights: this answer means nothing.").first.wait_for(timeout=WAIT)
    page.get_by_role("button", name="Clear", exact=True).click()
    page.get_by_role("button", name="drawn").wait_for(state="detached", timeout=WAIT)


def test_a_click_on_a_bar_explains_that_class(page: Any) -> None:
    opened(page, "?show=Where+it+looked&picture=coffee")
    page.locator(".answers button.row").nth(1).click()
    page.wait_for_url(re.compile("class="), timeout=WAIT)
    ready(page)
    label = page.locator('.answers button[aria-pressed="true"] .label').inner_text()
    page.get_by_text(f"looked for \N{LEFT DOUBLE QUOTATION MARK}{label}").wait_for(timeout=WAIT)


def test_a_click_on_the_picture_moves_the_unit(page: Any) -> None:
    opened(page, "?show=Receptive+field")
    page.locator("img.point").first.click(position={"x": 12, "y": 12})
    page.wait_for_url(re.compile("row="), timeout=WAIT)


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_cut_off_on_a_phone(page: Any, view: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, f"?show={view.replace(' ', '+')}")
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth - {main}.clientWidth") <= 1
