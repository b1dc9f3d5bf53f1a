"""What a person may do with a document. The numbers leave room: SUGGEST will stand between COMMENT and EDIT."""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    NONE = 0
    VIEW = 10
    COMMENT = 20
    EDIT = 40
    OWN = 50

    @property
    def label(self) -> str:
        return {0: "No access", 10: "Viewer", 20: "Commenter", 40: "Editor", 50: "Owner"}[self.value]
