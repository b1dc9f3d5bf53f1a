"""What a person may do with a document. The numbers leave room: SUGGEST will stand between COMMENT and EDIT."""

from __future__ import annotations

from enum import IntEnum

from django.utils.translation import gettext_lazy


class Level(IntEnum):
    NONE = 0
    VIEW = 10
    COMMENT = 20
    EDIT = 40
    OWN = 50

    @property
    def label(self) -> str:
        return str(LABELS[self])


LABELS = {
    Level.NONE: gettext_lazy("No access"),
    Level.VIEW: gettext_lazy("Viewer"),
    Level.COMMENT: gettext_lazy("Commenter"),
    Level.EDIT: gettext_lazy("Editor"),
    Level.OWN: gettext_lazy("Owner"),
}
