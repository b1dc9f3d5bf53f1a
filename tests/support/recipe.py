"""The examples of docs/operations.md, to be run as they stand there but for ports, paths, users and keys."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.quality.test_docs import OPERATIONS


def documented(language: str, about: str = "") -> str:
    """The one example in this language on the operations page that has these words in it."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", OPERATIONS.read_text(), re.MULTILINE | re.DOTALL)
    (block,) = (block for block in blocks if about in block)
    return str(block)


def adapted(text: str, changes: Mapping[str, str]) -> str:
    """Each change must find its place, or the page says something else than what is tested."""
    for before, after in changes.items():
        assert before in text, before
        text = text.replace(before, after)
    return text


def as_systemd_reads(text: str) -> dict[str, str]:
    """An EnvironmentFile by the rules of systemd.exec(5), as far as the example needs them: no shell is asked."""
    values = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip()[0] in "#;":
            continue
        name, _, value = line.partition("=")
        value = value.strip()
        is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
        values[name.strip()] = value[1:-1] if is_quoted else value
    return values
