"""Files over HTTP: sent as a form, had with headers that let nothing run, asked about each time."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from docs_app.models import Document, Upload
from docs_app.services.uploads import Sent, keep_file, keep_picture
from tests.support.clients import client_for
from tests.support.people import account, document_of_alice, visitor
from tests.support.pictures import SVG, bomb, opened, picture

pytestmark = pytest.mark.django_db(transaction=True)


def send(document: Document, data: bytes, *, kind: str = "image", name: str = "x.png", person: str = "alice") -> Any:
    file = SimpleUploadedFile(name, data, content_type="image/png")
    return client_for(person, document).post(reverse("upload", args=[document.id]), {"file": file, "kind": kind})


def body(answer: Any) -> bytes:
    async def whole() -> bytes:
        return b"".join([piece async for piece in answer])

    return async_to_sync(whole)()


def test_a_picture_goes_in_and_comes_out_as_a_picture() -> None:
    document = document_of_alice()
    answer = send(document, picture(kind="JPEG"), name="holiday.png")
    upload = Upload.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "src": f"/files/{upload.id}", "name": "holiday.png", "size": upload.size, "width": 60, "height": 40,
    }  # fmt: skip
    shown = client_for("dave", document).get(answer.json()["src"])
    assert opened(body(shown)).size == (60, 40)
    assert {name: shown[name] for name in shown.headers if name not in ("Vary", "ETag", "Content-Language")} == {
        "Content-Type": "image/jpeg",
        "Content-Length": str(upload.size),
        "Content-Disposition": 'inline; filename="holiday.png"',
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


@pytest.mark.parametrize("data", [SVG, b"<html><script>alert(1)</script>", picture()])
def test_a_file_is_for_saving_whatever_it_is_and_is_called(data: bytes) -> None:
    document = document_of_alice()
    sent = send(document, data, kind="file", name="page.html").json()
    assert (sent["width"], sent["size"]) == (None, len(data))
    answer = client_for("dave", document).get(sent["src"])
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="page.html"'
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    assert body(answer) == data


def test_a_name_of_any_letters_is_the_name_to_save_it_under() -> None:
    upload = keep_file(document=document_of_alice(), by=visitor("alice"), sent=Sent('Grüße"\r\nX-A: b.txt', b"x"))
    answer = client_for("alice", upload.document).get(upload.address)
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe%22%20X-A%3A%20b.txt"
    answer.close()


@pytest.mark.parametrize(
    ("data", "kind", "status", "sentence"),
    [
        (SVG, "image", 400, "This is not an image that can be shown here: JPEG, PNG, GIF and WebP can."),
        (picture(kind="JPEG")[:500], "image", 400, "This image is damaged or cut off."),
        (bomb(50_000, 50_000), "image", 400, "An image may have 50 million pixels; this has more. Make it smaller, "
         "and try again."),
        (bytes(30_000_000), "image", 413, "A file may have 25 MB; this has 30 MB."),
        (b"", "file", 400, "This file is empty."),
        (b"x", "program", 400, "There is no file in this request."),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_in_a_sentence(data: bytes, kind: str, status: int, sentence: str) -> None:
    answer = send(document_of_alice(), data, kind=kind)
    assert (answer.status_code, answer.json()) == (status, {"sentence": sentence})
    assert not Upload.objects.exists()


def test_a_request_without_a_file_and_one_from_elsewhere() -> None:
    document = document_of_alice()
    here = reverse("upload", args=[document.id])
    answer = client_for("alice", document).post(here, {"kind": "image", "file": "words"})
    assert (answer.status_code, answer.json()["sentence"]) == (400, "There is no file in this request.")
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(account("alice"))
    assert stranger.post(here, {"kind": "file"}).status_code == 403
    assert client_for("alice", document).get(here).status_code == 405


def test_who_may_not_write_is_told_so() -> None:
    document = document_of_alice()
    said = [send(document, picture(), person=person).json()["sentence"] for person in ("dave", "eve")]
    assert said[0] == "This takes the role Editor; yours is Viewer."
    assert said[1] == "There is no such document, or it is not shared with you."


def test_a_browser_that_has_it_asks_and_is_told_whether_it_still_may() -> None:
    document = document_of_alice()
    upload = keep_picture(document=document, by=visitor("alice"), sent=Sent("cat.png", picture()))
    dave = client_for("dave", document)
    first = dave.get(upload.address)
    first.close()
    again = dave.get(upload.address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["Cache-Control"], again.content) == (304, "private, no-cache", b"")
    document.memberships.filter(user=account("dave")).delete()
    assert dave.get(upload.address, headers={"If-None-Match": first["ETag"]}).status_code == 404


def test_strangers_are_not_told_which_files_there_are() -> None:
    document = document_of_alice()
    upload = keep_file(document=document, by=visitor("alice"), sent=Sent("secret.txt", b"x"))
    eve = client_for("eve", document)
    there, nowhere = eve.get(upload.address), eve.get(f"/files/{uuid4()}")
    assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)
    assert there.status_code == 404 and "no-store" in there["Cache-Control"]
