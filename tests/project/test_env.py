"""Each reader takes what makes sense and refuses the rest with a sentence that names the variable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from project import env


@pytest.mark.parametrize(
    ("value", "read", "expected"),
    [
        ("  here ", lambda: env.text("X"), "here"),
        ("   ", lambda: env.text("X", "there"), "there"),
        ("Yes", lambda: env.flag("X", default=False), True),
        ("off", lambda: env.flag("X", default=True), False),
        ("", lambda: env.flag("X", default=True), True),
        ("42", lambda: env.number("X", 1), 42),
        ("", lambda: env.number("X", 7), 7),
        ("a.example, b.example ,,", lambda: env.words("X"), ["a.example", "b.example"]),
        ("redis://here", lambda: env.url("X", "redis", "rediss"), "redis://here"),
        ("", lambda: env.url("X", "redis"), ""),
        ("debug", lambda: env.choice("X", "INFO", "DEBUG"), "DEBUG"),
        ("Europe/Paris", lambda: env.zone("X", "UTC"), "Europe/Paris"),
    ],
)
def test_takes(monkeypatch: pytest.MonkeyPatch, value: str, read: Callable[[], Any], expected: object) -> None:
    monkeypatch.setenv("X", value)
    assert read() == expected


@pytest.mark.parametrize(
    ("value", "read", "sentence"),
    [
        ("maybe", lambda: env.flag("X", default=False), "X='maybe' is not a yes or a no: use 1 or 0."),
        ("-1", lambda: env.number("X", 1), "X='-1' is not a whole number from 0 to 2147483647."),
        ("9", lambda: env.number("X", 1, least=1, most=8), "X='9' is not a whole number from 1 to 8."),
        ("²", lambda: env.number("X", 1, most=8), "X='²' is not a whole number from 0 to 8."),
        ("1e3", lambda: env.number("X", 1, most=8), "X='1e3' is not a whole number from 0 to 8."),
        ("http://x", lambda: env.url("X", "redis", "unix"), "X must begin with redis:// or unix://."),
        ("redis", lambda: env.url("X", "redis"), "X must begin with redis://."),
        ("loud", lambda: env.choice("X", "INFO", "DEBUG"), "X='LOUD' is none of INFO, DEBUG."),
        ("Mars/Base", lambda: env.zone("X", "UTC"), "X='Mars/Base' is no time zone: use one such as Europe/Paris."),
        ("../UTC", lambda: env.zone("X", "UTC"), "X='../UTC' is no time zone: use one such as Europe/Paris."),
    ],
)
def test_refuses(monkeypatch: pytest.MonkeyPatch, value: str, read: Callable[[], Any], sentence: str) -> None:
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        read()
    assert str(refusal.value) == sentence


def test_a_refused_url_is_not_repeated_for_it_may_hold_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "mysql://me:hunter2@here/")
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.url("X", "postgres")
    assert "hunter2" not in str(refusal.value)
