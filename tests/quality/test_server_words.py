"""What the server says to people is in every language: it is handed to a translator, and each catalogue has it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from docs_app.errors import Refused
from tests.quality.tree import sources
from tests.support.template_words import literals

# What `manage.py` alone says, and descriptions in the API.
_FOR_PROGRAMS = re.compile(r"docs_app/(api|management)/|docs_app/services/(archive|backup|repair)\.py")
_LABELS = {"label", "help_text", "verbose_name", "verbose_name_plural", "short_description", "description", "what"}


def refusals(kind: type[Refused] = Refused) -> Iterator[str]:
    yield kind.__name__
    for each in kind.__subclasses__():
        yield from refusals(each)


def untranslated(module: str) -> list[str]:
    """Sentences that are raised, and labels, as literals."""
    raised = {*refusals(), "ValidationError"}
    calls = [node for node in ast.walk(ast.parse(module)) if isinstance(node, ast.Call)]
    said = [call.args[0] for call in calls if call.args and getattr(call.func, "id", "") in raised]
    said += [word.value for call in calls for word in call.keywords if word.arg in _LABELS]
    return [ast.unparse(each) for each in said if isinstance(each, ast.Constant | ast.JoinedStr)]


def test_every_word_of_a_template_is_handed_to_a_translator() -> None:
    found = {
        path.as_posix(): list(literals(text)) for path, text in sources(".html", ".txt") if path.parts[0] == "templates"
    }
    assert len(found) > 40
    assert {name: words for name, words in found.items() if words} == {}


def test_every_refusal_and_label_is_handed_to_a_translator() -> None:
    modules = {path.as_posix(): text for path, text in sources(".py") if path.parts[0] in ("docs_app", "project")}
    found = {name: untranslated(text) for name, text in modules.items() if not _FOR_PROGRAMS.match(name)}
    assert {name: words for name, words in found.items() if words} == {}


def test_a_word_that_nobody_translates_is_found() -> None:
    assert list(literals('<p title="A room">{% translate "Hall" %} and more {{ n }}</p>')) == ["A room", "and more"]
    assert untranslated(
        'raise NotFound("There is no room.")\nForm(label=gettext("Title"), help_text=f"{n} rooms")'
    ) == [
        "'There is no room.'",
        "f'{n} rooms'",
    ]
