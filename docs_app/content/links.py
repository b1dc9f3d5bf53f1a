"""Which addresses a link may have: http, https, mailto and tel, or one without a scheme (relative, or a #fragment).

Images and attached files have their addresses from this site only: `/files/` and the upload's id.
"""

from __future__ import annotations

import re

_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
_SAFE = {"http", "https", "mailto", "tel"}
_IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]+")  # browsers skip some inside a scheme

UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_FILE = re.compile(f"/files/{UUID}")


def own_file(src: str) -> str | None:
    """`src` as it is if it is the address of an upload of this site, else None."""
    return src if _FILE.fullmatch(src) else None


def safe_href(href: str) -> str | None:
    """`href` as it is, None if a browser could take it for a scheme that is not on the list, or it is empty."""
    bare = _IGNORED.sub("", href)
    if not bare or "\n" in href or "\r" in href:
        return None
    scheme = _SCHEME.match(bare)
    if scheme:
        return href if scheme[1].lower() in _SAFE else None
    colon = bare.find(":")
    return href if colon < 0 or re.search(r"[/?#]", bare[:colon]) else None
