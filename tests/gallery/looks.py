"""The ways in which every page is looked at. The options are those of Playwright's new_context."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.gallery.cast import ARABIC, ENGLISH, Cast


@dataclass(frozen=True, slots=True)
class Look:
    """`cast` decides the language, of the pages and of what is written on them."""

    name: str
    width: int
    height: int
    cast: Cast = ENGLISH
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def context(self) -> dict[str, Any]:
        size = {"width": self.width, "height": self.height}
        return {"viewport": size, "locale": self.cast.language, "reduced_motion": "reduce"} | self.options


_PHONE: dict[str, Any] = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
LOOKS = {
    look.name: look
    for look in (
        Look("wide", 1280, 800),
        Look("phone", 390, 844, options=_PHONE),
        Look("dark", 1280, 800, options={"color_scheme": "dark"}),
        Look("rtl", 1280, 800, cast=ARABIC),
        Look("rtl-phone", 390, 844, cast=ARABIC, options=_PHONE),
    )
}
