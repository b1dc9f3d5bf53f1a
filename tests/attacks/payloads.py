"""Markup that would run, load or swap something if it were ever taken for markup: each names the CANARY."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, islice, product

CANARY = "canary"
_CALL = f"fetch('/{CANARY}')"
_SCHEMES = (
    f"javascript:{_CALL}",
    f"JaVaScRiPt:{_CALL}",
    f" javascript:{_CALL}",
    f"\x01javascript:{_CALL}",
    f"java\tscript:{_CALL}",
    f"java\nscript:{_CALL}",
    f"javascript\u003a{_CALL}",
    f"&#106;avascript:{_CALL}",
    f"javascript&colon;{_CALL}",
    f"vbscript:{_CALL}",
    f"data:text/html,<script>{_CALL}</script>",
    f"blob:null/{CANARY}",
    f"//127.0.0.1:1/{CANARY}\\@",
)
_BREAKS = (
    "",
    '">',
    "'>",
    "`>",
    "-->",
    "]]>",
    "</title>",
    "</textarea>",
    "</script>",
    "</p></div>",
    '\\">',
    "\x00>",
    "\u2028>",
)
_MARKUP = (
    f"<script>{_CALL}</script>",
    f"<script src=/{CANARY}></script>",
    f"<img src=/{CANARY}>",
    f"<img src=x onerror={_CALL}>",
    f"<svg onload={_CALL}>",
    f"<svg><animate onbegin={_CALL} attributeName=x>",
    f"<iframe srcdoc='<script>{_CALL}</script>'></iframe>",
    f"<math><mtext><table><mglyph><style><img src=/{CANARY}>",
    f"<a href='javascript:{_CALL}' autofocus onfocus={_CALL}>",
    f"<details open ontoggle={_CALL}>",
    f"<style>@import '/{CANARY}'</style>",
    f"<link rel=stylesheet href=/{CANARY}>",
    f"<base href=//127.0.0.1:1/{CANARY}/>",
    f"<meta http-equiv=refresh content='0;url=/{CANARY}'>",
    f"<form action=/{CANARY}><button autofocus>",
    f"<object data=/{CANARY}></object>",
    f"<video src=/{CANARY} onerror={_CALL}></video>",
    f"<div hx-get=/{CANARY} hx-trigger=load></div>",
    f"<div data-hx-get=/{CANARY} data-hx-trigger=load></div>",
    f"<div hx-on::load={_CALL}></div>",
    f"<div hx-ext=ws ws-connect=/{CANARY}></div>",
    f"<div id=comments hx-swap-oob=true hx-get=/{CANARY} hx-trigger=load></div>",
    f"<div id=notices hx-swap-oob=innerHTML><img src=/{CANARY}></div>",
    f"<template><img src=/{CANARY}></template>",
)
_TEMPLATES = (
    "{{% include '{0}' %}}",
    "{{{{ {0} }}}}",
    "${{{0}}}",
    '" style=background:url(/{0}) x="',
    "' onmouseover={1} '",
)


def payloads(count: int) -> list[str]:
    """The plain ones first; then each behind what might end the place it stands in, in changing dress."""
    plain = chain(_SCHEMES, _MARKUP, (form.format(CANARY, _CALL) for form in _TEMPLATES))
    dressed = (dress(start + markup) for dress, start, markup in product(_DRESS, _BREAKS, _MARKUP))
    doubled = (f"{one}{start}{other}" for start, one, other in product(_BREAKS, _MARKUP, _MARKUP))
    return list(islice(chain(plain, dressed, doubled), count))


_DRESS: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    lambda text: text.replace("<", "\uff1c"),
    lambda text: text.replace("<", "&lt;"),
    lambda text: text.replace(" ", "/"),
)
