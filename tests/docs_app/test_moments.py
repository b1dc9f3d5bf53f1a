"""Times as the server writes them, in each language."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from docs_app.templatetags.docs import moment


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["just now", "1 minute ago", "3 hours ago", "2 days ago"]),
        ("de", ["gerade eben", "vor 1 Minute", "vor 3 Stunden", "vor 2 Tagen"]),
        ("fr", ["à l’instant", "il y a 1 minute", "il y a 3 heures", "il y a 2 jours"]),
        ("es", ["ahora mismo", "hace 1 minuto", "hace 3 horas", "hace 2 días"]),
        ("ar", ["الآن", "قبل دقيقة", "قبل 3 ساعات", "قبل يومين"]),
    ],
)
def test_how_long_ago_is_said_as_people_say_it(language: str, said: list[str]) -> None:
    ages = [timedelta(0), timedelta(minutes=1), timedelta(hours=3), timedelta(days=2)]
    with translation.override(language):
        written = [moment(timezone.now() - age - timedelta(seconds=1)) for age in ages]
    assert [re.sub(r"<[^>]*>", "", each) for each in written] == said


def test_a_day_long_ago_is_said_by_its_date() -> None:
    then = timezone.now().replace(year=2020, month=3, day=1)
    written = {}
    for language in ("en", "de", "fr", "es", "ar"):
        with translation.override(language):
            written[language] = re.sub(r"<[^>]*>", "", moment(then))
    assert written == {
        "en": "1 March 2020",
        "de": "1. März 2020",
        "fr": "1 mars 2020",
        "es": "1 de marzo de 2020",
        "ar": "1 مارس، 2020",
    }
