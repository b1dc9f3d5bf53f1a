"""Every sentence that the sources say to people, found by the names of the functions that translate it."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_javascript, extract_python
from django.utils.translation.template import templatize

from project.languages.places import ROOT

Reader = Callable[[Any, Any, Any, Any], Iterable[Any]]

# What stands at which place among the arguments: the sentence, its plural, or ("c") its context.
_GETTEXT: Mapping[str, Any] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "_": None,
}
_PAGE: Mapping[str, Any] = {"t": None, "tn": (1, 2), "tp": ((1, "c"), 2)}
# Neither the engine nor docs_app.content knows languages: they speak English, and whoever hands it on translates.
_PLAIN: Mapping[str, Any] = dict.fromkeys(
    (
        *("Forbidden", "NoSuchDocument", "NotSignedIn", "Outdated", "Replaced", "TooFast", "Unavailable"),
        *("NotAPicture", "TooBig", "Unreachable"),
        "say",  # Known.say of docs_app.content.mentions
    )
)
_OPTIONS = {"parse_template_string": True}


class _Source(NamedTuple):
    pattern: str
    reader: Reader
    keywords: Mapping[str, Any]


def _read_template(file: IO[bytes], keywords: Any, tags: Any, options: Any) -> Iterable[Any]:
    """Django turns a template into calls of gettext among noise; its indentation would be a fault in Python."""
    calls = re.sub(r"^[ \t]+", "", templatize(file.read().decode()), flags=re.MULTILINE)
    return extract_python(io.BytesIO(calls.encode()), keywords, tags, options)


def _read_plain(file: IO[bytes], keywords: Any, tags: Any, options: Any) -> Iterable[Any]:
    """What it raises for people to read, and its constants that are sentences."""
    for node in ast.walk(ast.parse(file.read())):
        match node:
            case ast.Call(
                func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(value=str(sentence)), *_]
            ) if name in keywords:
                yield node.lineno, name, sentence, []
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(sentence))):
                if name.isupper() and sentence.endswith("."):
                    yield node.lineno, next(iter(keywords)), sentence, []


_SOURCES = (
    _Source("docs_app/**/*.py", extract_python, _GETTEXT),
    _Source("project/**/*.py", extract_python, _GETTEXT),
    _Source("collab/**/*.py", _read_plain, _PLAIN),
    _Source("docs_app/content/*.py", _read_plain, _PLAIN),
    _Source("docs_app/socket/*.py", _read_plain, _PLAIN),
    _Source("templates/**/*.html", _read_template, _GETTEXT),
    _Source("templates/**/*.txt", _read_template, _GETTEXT),
    _Source("static/src/**/*.ts", extract_javascript, _PAGE),
)


def template(root: Path = ROOT) -> Catalog:
    """What there is to translate, each sentence with the files that say it."""
    catalogue = Catalog(domain="django", charset="utf-8")
    for source in _SOURCES:
        for path in sorted(root.glob(source.pattern)):
            if not path.name.endswith(".test.ts"):
                _add(catalogue, path.relative_to(root).as_posix(), path.read_bytes(), source)
    return catalogue


def _add(catalogue: Catalog, name: str, content: bytes, source: _Source) -> None:
    found = extract(
        source.reader, io.BytesIO(content), source.keywords, ("Translators:",), _OPTIONS, strip_comment_tags=True
    )
    for _, message, comments, context in found:
        catalogue.add(message, None, [(name, 0)], auto_comments=comments, context=context)
