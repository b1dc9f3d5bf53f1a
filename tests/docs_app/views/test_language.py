"""In which language somebody is answered."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, override

from tests.support.clients import client_of, elements
from tests.support.people import account, visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("spoken")]
LOGIN = "/accounts/login/"


def language_of(client: Client, path: str = "/account/", **headers: str) -> tuple[str, str]:
    page = elements(client.get(path, headers=headers))
    html = dict(page)["html"]
    return html["lang"], html["dir"]


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", ("en", "ltr")),
        ("de-AT,de;q=0.9,en;q=0.8", ("de", "ltr")),
        ("pt,fr;q=0.5", ("fr", "ltr")),
        ("ar-EG", ("ar", "rtl")),
        ("tlh", ("en", "ltr")),
        ("x" * 10_000, ("en", "ltr")),
    ],
)
def test_nobody_known_is_answered_as_the_browser_asks(asked: str, language: tuple[str, str]) -> None:
    assert language_of(Client(), LOGIN, accept_language=asked) == language


def test_a_page_loads_its_catalogue_and_english_none() -> None:
    def scripts(language: str) -> list[str]:
        found = elements(Client().get(LOGIN, headers={"accept-language": language}))
        return [attributes["src"] for tag, attributes in found if tag == "script" and "languages" in attributes["src"]]

    assert scripts("ar") == ["/static/languages/ar.js"]
    assert scripts("en") == []


def test_each_language_is_offered_under_its_own_name() -> None:
    page = Client().get(LOGIN, headers={"accept-language": "ar"}).content.decode()
    assert all(f">{name}</button>" in page for _, name in settings.LANGUAGES)


def test_our_words_are_ours_also_where_django_has_them_for_something_else() -> None:
    with override("ar"):
        assert gettext("History") == "السجل"


def test_a_guest_s_choice_stays_with_the_browser() -> None:
    client = Client()
    assert client.post("/language/", {"language": "ar", "next": LOGIN})["Location"] == LOGIN
    assert language_of(client, LOGIN, accept_language="fr") == ("ar", "rtl")
    client.post("/language/", {"language": ""})
    assert language_of(client, LOGIN, accept_language="fr") == ("fr", "ltr")


def test_an_account_s_choice_holds_in_every_browser_and_where_the_account_is_not_asked() -> None:
    client_of(visitor("alice")).post("/language/", {"language": "de", "next": "/account/"})
    assert account("alice").language == "de"
    other = client_of(visitor("alice"))
    other.cookies["django_language"] = "fr"
    assert language_of(other, accept_language="es") == ("de", "ltr")
    other.logout()
    other.cookies["django_language"] = "de"
    assert language_of(other, LOGIN, accept_language="es") == ("de", "ltr")


@pytest.mark.parametrize("language", ["xx", "../../etc", "de\r\nSet-Cookie: a=b", "d" * 10_000])
def test_a_language_that_there_is_not_is_the_first_one(language: str) -> None:
    client = client_of(visitor("alice"))
    assert client.post("/language/", {"language": language}).status_code == 302
    assert account("alice").language == "en"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_a_choice_leads_nowhere_else(elsewhere: str) -> None:
    assert Client().post("/language/", {"language": "de", "next": elsewhere})["Location"] == "/"


def test_looking_at_the_address_chooses_nothing() -> None:
    assert Client().get("/language/?language=de").status_code == 405
