"""What templates say about people, times and rights. Everything here answers plain text or a whole safe element."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from docs_app.access import can as may
from docs_app.access import colour_of
from docs_app.content.changes import Change
from docs_app.levels import Level
from docs_app.models import Thread

register = template.Library()

# Refusals of ours come as a #notices fragment; what a proxy says instead of us must not get into the page.
_HTMX = {
    "includeIndicatorStyles": False,
    "allowEval": False,
    "allowScriptTags": False,
    "selfRequestsOnly": True,
    # It would carry over what scripts have set, which as an attribute CSP blocks.
    "attributesToSettle": [],
    "historyCacheSize": 0,
    "refreshOnHistoryMiss": True,
    "scrollIntoViewOnBoost": False,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "422", "swap": True},
        {
            "code": "[45]..",
            "swap": True,
            "error": True,
            "target": "#notices",
            "select": "#notices > *",
            "swapOverride": "innerHTML",
        },
    ],
}


@register.simple_tag
def htmx_config() -> str:
    """htmx's settings for its <meta>: nothing evaluated, nothing from elsewhere, no document kept in the browser."""
    return json.dumps(_HTMX)


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    """Codes and names of the languages, each under its own name: Django would translate what it knows of them."""
    return list(settings.LANGUAGES)


@register.simple_tag
def worker_address() -> str:
    """Where the service worker is, "" when the site does without."""
    return reverse("worker") if settings.OFFLINE else ""


@register.filter
def can(level: int, action: str) -> bool:
    """Whether a level suffices for an action of docs_app.access.RIGHTS."""
    return may(level, action)


@register.filter
def role(level: int) -> str:
    return Level(level).label


@register.filter
def person_class(principal: str) -> str:
    """The CSS class with this person's colour (tokens.css): style attributes are closed to us by CSP."""
    return f"person-{colour_of(principal)[1:]}"


@register.filter
def initials(name: str) -> str:
    """One or two letters for an avatar: "Ada King Lovelace" is AL."""
    words = name.split()
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [name.strip()[:1]]
    return "".join(letters).upper() or "?"


@register.filter
def is_guest(principal: str) -> bool:
    return principal.startswith("guest:")


@register.filter
def unresolved(threads: Iterable[Thread]) -> list[Thread]:
    return [thread for thread in threads if thread.resolved_at is None]


@register.filter
def resolved(threads: Iterable[Thread]) -> list[Thread]:
    return [thread for thread in threads if thread.resolved_at is not None]


@register.filter
def any_change(changes: Iterable[Change]) -> bool:
    return any(change.kind != "same" for change in changes)


@register.filter
def moment(at: datetime, style: Literal["relative", "day", "clock"] = "relative") -> SafeString:
    """A <time> in the server's time zone, which the page's script turns into the reader's own."""
    local = timezone.localtime(at)
    written = {"relative": _relative, "day": _day, "clock": _clock}[style](local)
    full = f"{date_format(local, 'DATETIME_FORMAT')} {local:%Z}"
    return format_html('<time datetime="{}" data-time="{}" title="{}">{}</time>', at.isoformat(), style, full, written)


def _relative(local: datetime) -> str:
    age = timezone.now() - local
    if age < timedelta(minutes=1):
        return gettext("just now")
    if age < timedelta(hours=1):
        minutes = age // timedelta(minutes=1)
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    if age < timedelta(days=1):
        hours = age // timedelta(hours=1)
        return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    if age < timedelta(days=7):
        return ngettext("%(n)s day ago", "%(n)s days ago", age.days) % {"n": age.days}
    return _day(local)


def _clock(local: datetime) -> str:
    return date_format(local, "TIME_FORMAT")


def _day(local: datetime) -> str:
    return date_format(local, "MONTH_DAY_FORMAT" if local.year == timezone.localtime().year else "DATE_FORMAT")
