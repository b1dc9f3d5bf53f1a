"""What goes in and out of the API, as the OpenAPI page describes it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import BaseModel

from docs_app.levels import Level
from docs_app.models import Document
from docs_app.services.documents import TITLE_LIMIT
from docs_app.services.history import NAME_LIMIT

Role = Literal["viewer", "commenter", "editor", "owner"]
Format = Literal["json", "html", "md", "txt"]
Written = Literal["json", "md"]

_ROLES: dict[Level, Role] = {
    Level.VIEW: "viewer",
    Level.COMMENT: "commenter",
    Level.EDIT: "editor",
    Level.OWN: "owner",
}


class NewDocument(BaseModel, extra="forbid"):
    title: str = Field("", max_length=TITLE_LIMIT, description="Untitled if empty.")
    markdown: str = Field("", description="The text to begin with, up to 1 MiB. Raw HTML stays text.")


class DocumentShape(Schema):
    id: UUID
    title: str
    owner: str = Field(description="Username.")
    role: Role = Field(description="Yours.")
    created_at: datetime
    edited_at: datetime

    @classmethod
    def of(cls, document: Document, level: Level) -> DocumentShape:
        return cls(
            id=document.id,
            title=document.title,
            owner=document.owner.username,
            role=_ROLES[level],
            created_at=document.created_at,
            edited_at=document.edited_at,
        )


class DocumentPage(Schema):
    items: list[DocumentShape]
    count: int = Field(description="Of all pages together.")


class NewSnapshot(BaseModel, extra="forbid"):
    name: str = Field(min_length=1, max_length=NAME_LIMIT)


class SnapshotShape(Schema):
    id: UUID
    kind: Literal["auto", "named", "before-restore", "import"]
    name: str
    authors: list[str] = Field(description="Names of those who have written since the snapshot before.")
    size: int = Field(description="Bytes.")
    at: datetime


class Restored(Schema):
    changed: bool = Field(description="False if the text was the snapshot's already.")


class Problem(Schema):
    detail: str = Field(description="A sentence.")
