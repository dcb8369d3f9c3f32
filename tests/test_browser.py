"""The form in a real Chromium: keyboard, phone, no script, nothing loaded from elsewhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from fake_archive import FakeArchive
from live_server import serving

from qa.api import create_app
from qa.settings import Settings

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright's Python package")
CHROMIUM = os.environ.get("QA_CHROMIUM") or shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None, reason="needs Debian's chromium (apt-get install chromium)"
    ),
    # Playwright's event loop leaves its own transports to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serving(create_app(FakeArchive(), Settings())) as (host, port):  # type: ignore[arg-type]
        yield f"http://{host}:{port}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        # The sandbox cannot be used by root, which is who runs in a container.
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"], chromium_sandbox=False
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any, base: str) -> Iterator[Any]:
    """A page without JavaScript that fails on any complaint and any request to elsewhere."""
    context = browser.new_context(base_url=base, java_script_enabled=False)
    page = context.new_page()
    elsewhere: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda r: None if r.url.startswith(base) else elsewhere.append(r.url))
    page.on("console", lambda m: complaints.append(m.text))
    yield page
    context.close()
    assert not elsewhere
    assert not complaints


def test_a_question_is_asked_by_keyboard_alone(page: Any) -> None:
    page.goto("/")
    page.locator("#q:focus").wait_for()  # it has the focus from the start
    page.keyboard.type("How many passengers were brought ashore?")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=How+many+passengers+were+brought+ashore%3F")
    assert page.locator(".said").inner_text() == "214"
    assert page.locator("mark").first.inner_text() == (
        "All 214 passengers were brought ashore, the harbour master said."
    )
    assert page.title() == "How many passengers were brought ashore? · Dateline"


def test_filters_are_set_by_their_labels_and_shared_by_the_address(page: Any, base: str) -> None:
    page.goto("/?q=ferry+passengers")
    page.get_by_text("Dates, sources and order").click()
    page.get_by_label("Northern Press").check()
    page.get_by_label("Published from").fill("2014-03-05")
    page.get_by_label("Order").select_option("newest first")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**from=2014-03-05**")
    assert page.url == (
        f"{base}/?q=ferry+passengers&from=2014-03-05&sort=newest&source=Northern+Press"
    )
    assert page.locator(".citations .source").all_inner_texts() == ["Northern Press"]
    assert page.get_by_label("Northern Press").is_checked()


def test_a_citation_leads_to_the_whole_article_at_its_marked_quote(page: Any) -> None:
    page.goto("/?q=How+many+passengers+were+brought+ashore%3F")
    page.get_by_role("link", name="Read the whole article, at this quote").first.click()
    page.wait_for_url("**#quote")
    assert page.locator("#quote").inner_text() == (
        "All 214 passengers were brought ashore, the harbour master said."
    )
    assert page.locator("h1").inner_text() == "Ferry runs aground off Tarn Island"


def test_row_46_markup_in_an_article_never_becomes_part_of_the_page(page: Any) -> None:
    page.goto("/?q=What+became+of+the+levy%3F")
    assert page.locator("main img").count() == 0
    assert '<img src=x onerror="alert(1)"> levy rises' in page.locator("h3").all_inner_texts()
    assert page.locator("a[href^=javascript]").count() == 0


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize(
    "path", ["/", "/?q=ferry+tarn&from=2014-01-01", "/articles/ferry", "/docs"]
)
def test_no_page_scrolls_sideways_from_a_phone_to_a_desktop(
    browser: Any, base: str, width: int, path: str
) -> None:
    context = browser.new_context(base_url=base, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


CONTRAST = """() => {
  const channel = c => { c /= 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4 };
  const luminance = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const colour = s => (s.match(/[\\d.]+/g) || []).map(Number);
  const behind = e => { for (; e; e = e.parentElement) {
    const c = colour(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255] };
  return [...document.querySelectorAll('body *')].filter(e =>
    e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
  ).map(e => {
    const [a, b] = [luminance(colour(getComputedStyle(e).color)), luminance(behind(e))];
    return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.className || e.tagName];
  }).sort((x, y) => x[0] - y[0])[0];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/?q=ferry+tarn&from=2023-02-29", "/?q=ferry+tarn", "/docs"])
def test_all_text_has_the_contrast_of_wcag_aa(
    browser: Any, base: str, scheme: str, path: str
) -> None:
    context = browser.new_context(base_url=base, color_scheme=scheme)
    page = context.new_page()
    page.goto(path)
    ratio, where = page.evaluate(CONTRAST)
    assert ratio >= 4.5, where
    context.close()


def test_what_one_presses_is_large_enough_for_a_thumb(browser: Any, base: str) -> None:
    context = browser.new_context(base_url=base, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto("/?q=ferry&from=2014-01-01")
    pressed = "main input:not([type=checkbox]), main select, main button, .sources label"
    for field in page.locator(pressed).all():
        assert field.bounding_box()["height"] >= 32, field.get_attribute("name")
    context.close()


def test_every_page_can_be_printed(browser: Any, base: str) -> None:
    context = browser.new_context(base_url=base)
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto("/?q=How+many+passengers+were+brought+ashore%3F")
    assert not page.locator("form.ask").is_visible()
    assert page.locator(".said").is_visible()
    context.close()
