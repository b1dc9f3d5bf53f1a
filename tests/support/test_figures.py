"""The table of figures keeps what was not measured again."""

from __future__ import annotations

import pytest

from tests.support.figures import BEGIN, END, pytest_collection_modifyitems, with_figures

PAGE = f"""# Reliability

{BEGIN}
Last run with Python 3.9.

| test | figure | date |
| --- | --- | --- |
| A1 SQLite | 3 kills, 0 lost | 2024-01-01 |
| B1 | 10 schedules | 2024-01-01 |
{END}

More.
"""


def test_new_figures_take_the_place_of_old_ones_and_others_stay() -> None:
    page = with_figures(PAGE, {"A1 SQLite": "200 kills, 0 lost", "A3": "50 stops"}, "Python 3.11", "2026-01-02")
    assert "| A1 SQLite | 200 kills, 0 lost | 2026-01-02 |\n| A3 | 50 stops | 2026-01-02 |\n| B1 | 10 schedules" in page
    assert "Last run with Python 3.11." in page and "3.9" not in page
    assert page.startswith("# Reliability\n") and page.endswith(f"{END}\n\nMore.\n")
    assert with_figures(page, {}, "Python 3.11", "2026-01-03") == page


def test_a_page_without_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks"):
        with_figures("# Reliability\n", {}, "", "")


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("figure")
def test_a_long_form_has_more_time_than_the_test_says(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request.config.option, "torture", True)
    pytest_collection_modifyitems([request.node])
    assert request.node.get_closest_marker("timeout").args == (7200,)
