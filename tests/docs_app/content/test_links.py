"""An address that could run a script is no address."""

from __future__ import annotations

import pytest

from docs_app.content.links import own_file, safe_href
from tests.docs_app.content.every_kind import FILE


@pytest.mark.parametrize(
    "href",
    [
        "https://example.org/é?a=b#c",
        "HTTP://x",
        "mailto:a@example.org",
        "tel:+49",
        "/d/1",
        "page.html",
        "#top",
        "a/b:c",
        "?q=a:b",
    ],
)
def test_links_people_write_are_kept_as_they_are(href: str) -> None:
    assert safe_href(href) == href


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "java\u200bscript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "1:alert(1)",
        "",
        "  ",
    ],
)
def test_schemes_off_the_list_are_refused(href: str) -> None:
    assert safe_href(href) is None


@pytest.mark.parametrize(
    "src",
    [
        f"https://example.org{FILE}",
        f"/{FILE}",
        f"{FILE}?x",
        f"{FILE}/name.svg",
        f"{FILE}\n",
        FILE.upper(),
        "/files/1",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "",
    ],
)
def test_files_are_this_sites_own(src: str) -> None:
    assert own_file(src) is None
    assert own_file(FILE) == FILE
