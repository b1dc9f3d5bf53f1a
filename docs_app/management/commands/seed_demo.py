"""`manage.py seed_demo`: two people, a guest link and a document worth reading, for who tries Scriptorium out.

The passwords are known to everybody, so this is for the embedded database only. What visitors need to know is left in
VAR_DIR/demo.txt, which `serve` shows once it knows its own address.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from docs_app.access import Visitor
from docs_app.content import diff, parse
from docs_app.content.anchors import Anchor
from docs_app.content.nodes import Node, children, is_text, plain
from docs_app.levels import Level
from docs_app.models import Document, Thread, User
from docs_app.services import comments, documents, history, live, sharing, uploads
from docs_app.services.uploads import Sent

PASSWORD = "scriptorium"  # noqa: S105 (known on purpose)
TITLE = "Welcome to Scriptorium"
_FOLDER = Path(__file__).parents[2] / "demo"
_NOTE = """
Sign in as ada or grace, password {password}, or come as a guest:
{{address}}/s/{token}/
"""


class Command(BaseCommand):
    help = "Writes a small demo into the embedded database, once."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "The demo has people with known passwords: it is written into the embedded database only. "
                "Unset DATABASE_URL and ALLOWED_HOSTS to try it."
            )
        note = Path(settings.VAR_DIR) / "demo.txt"
        if note.is_file():
            self.stdout.write("The demo is there already.")
            return
        ada, grace = _person("ada", "Ada"), _person("grace", "Grace")
        document = Document.objects.filter(owner=ada, title=TITLE).first() or _write(ada, grace)
        _, token = sharing.create_link(document=document, level=Level.EDIT, by=Visitor(ada), label="The demo's guests")
        note.write_text(_NOTE.format(password=PASSWORD, token=token))
        self.stdout.write("The demo is written.")


def _person(username: str, name: str) -> User:
    found = User.objects.filter(username=username).first()
    return found or User.objects.create_user(username, f"{username}@example.org", PASSWORD, name=name)


def _write(ada: User, grace: User) -> Document:
    """The document in three stages, each kept, then touched once more, and discussed."""
    text = (_FOLDER / "introduction.md").read_text(encoding="utf-8")
    sections = text.split("\n## ")
    draft = "\n## ".join(sections[:2]).replace("This page is such a document, not a manual: change", "Change")
    document = documents.create_document(owner=ada, title=TITLE, markdown=draft)
    sharing.share_with(document=document, who=grace.username, level=Level.EDIT, by=Visitor(ada))
    text = _with_files(document, _with_addresses(document, text, grace), Visitor(grace))
    _revise(document, "\n## ".join(text.split("\n## ")[:3]), grace)
    live.keep_snapshot(document.id, "auto")
    _revise(document, text.replace(" Better to know before than after.", ""), ada)
    history.name_version(document=document, name="Ready to read", by=Visitor(ada))
    _revise(document, text, grace)
    _discuss(document, Visitor(ada), Visitor(grace))
    return document


def _with_addresses(document: Document, text: str, grace: User) -> str:
    """The text, with the addresses of whom and what it mentions."""
    return text.replace("(user:grace)", f"({grace.principal})").replace("(document:itself)", f"(/d/{document.id}/)")


def _with_files(document: Document, text: str, author: Visitor) -> str:
    """The text, with the addresses of what it shows."""
    drawing = Sent("keystroke.png", (_FOLDER / "keystroke.png").read_bytes())
    itself = Sent("This page as Markdown.md", text.encode())
    picture = uploads.keep_picture(document=document, by=author, sent=drawing)
    attachment = uploads.keep_file(document=document, by=author, sent=itself)
    text = text.replace("(keystroke.png)", f"({picture.address})")
    text = text.replace("(introduction.md)", f"({attachment.address})")
    return text.replace("::: file\n", f"::: file {attachment.size}\n")


def _revise(document: Document, markdown: str, author: User) -> None:
    content = parse.from_markdown(markdown)
    live.edit(document.id, author.principal, lambda fragment: diff.make_equal(fragment, content))
    documents.note_edits({document.id: author.principal})


def _discuss(document: Document, ada: Visitor, grace: Visitor) -> None:
    opened = _comment(document, grace, "survives a power cut", "Is that so, or do we hope it is?")
    comments.reply(
        thread=opened, author=ada, body="It is: the server writes it down before it answers, and waits for the disk."
    )
    _comment(document, ada, "break it", "Go on. Then look into the history, at the button above.")
    settled = _comment(document, grace, "end-to-end encryption", "Should we say who can read it instead?")
    comments.reply(thread=settled, author=ada, body="Yes. It says so now.")
    comments.resolve_thread(thread=settled, by=grace)


def _comment(document: Document, author: Visitor, quote: str, body: str) -> Thread:
    anchor = next(_anchors(documents.read_tree(document.id), quote))
    return comments.start_thread(document=document, author=author, anchor=anchor, body=body)


def _anchors(node: Node, quote: str, path: tuple[int, ...] = ()) -> Iterator[Anchor]:
    """Every place of `quote` (of characters that take one UTF-16 unit) in a textblock."""
    if any(map(is_text, children(node))):
        if (start := plain(node).find(quote)) >= 0:
            yield Anchor(path, start, path, start + len(quote), quote)
        return
    for index, child in enumerate(children(node)):
        yield from _anchors(child, quote, (*path, index))
