"""What the pages list. Reading only; whoever asks has been checked by docs_app.access."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext

from docs_app.levels import Level
from docs_app.models import ApiToken, Comment, Document, Guest, LinkUse, Membership, ShareLink, Thread, User
from docs_app.models.sharing import still_valid

SERVER_NAME = "Scriptorium"


def documents_of(user: User) -> QuerySet[Document]:
    """The user's own, last edited first."""
    return Document.objects.filter(owner=user, trashed_at=None).select_related("owner")


def shared_with(user: User) -> QuerySet[Document]:
    """Others' documents that the user has a role in, by name or by a link that is still valid."""
    uses = LinkUse.objects.filter(still_valid("link__"), user=user)
    mine = Q(pk__in=Membership.objects.filter(user=user).values("document")) | Q(pk__in=uses.values("link__document"))
    return Document.objects.filter(mine, trashed_at=None).exclude(owner=user).select_related("owner")


def visible_to(user: User) -> QuerySet[Document]:
    """All that the user may open, outside the trash."""
    ours = Q(pk__in=documents_of(user).order_by().values("pk")) | Q(pk__in=shared_with(user).order_by().values("pk"))
    return Document.objects.filter(ours).select_related("owner")


def trashed_of(user: User) -> QuerySet[Document]:
    """What the user owns, alone or with others, and has been put in the trash; the last one first."""
    owned = Membership.objects.filter(user=user, level=Level.OWN).values("document")
    mine = Document.objects.filter(Q(owner=user) | Q(pk__in=owned), trashed_at__isnull=False)
    return mine.select_related("owner").order_by("-trashed_at")


def threads_of(document: Document) -> QuerySet[Thread]:
    """The discussions in the order they began, each with its comments and their authors."""
    comments = Comment.objects.select_related("user", "guest")
    return Thread.objects.filter(document=document).prefetch_related(Prefetch("comments", comments))


def people_of(document: Document) -> QuerySet[Membership]:
    """Those with a role of their own, besides the owner."""
    rows = Membership.objects.filter(document=document).exclude(user=document.owner_id)
    return rows.select_related("user").order_by("-level", "created_at")


def people_with_access(document: Document) -> QuerySet[User]:
    """All accounts that may open it: the owner, those with a role, and those who came by a link that is still valid."""
    members = Membership.objects.filter(document=document).values("user")
    came = LinkUse.objects.filter(still_valid("link__"), link__document=document, user__isnull=False).values("user")
    return User.objects.filter(Q(pk=document.owner_id) | Q(pk__in=members) | Q(pk__in=came), is_active=True)


def links_of(document: Document) -> QuerySet[ShareLink]:
    """The links that have not been revoked, expired ones too."""
    return ShareLink.objects.filter(document=document, revoked_at=None)


def tokens_of(user: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user, revoked_at=None).order_by("created_at")


def reachable_ids(person: User | Guest) -> list[UUID]:
    """The documents that somebody may have open now, the trash included."""
    if isinstance(person, Guest):
        mine = Q(links__uses__guest=person)
    else:
        mine = Q(owner=person) | Q(memberships__user=person) | Q(links__uses__user=person)
    return list(Document.objects.filter(mine).order_by().values_list("pk", flat=True).distinct())


def names_of(principals: Collection[str]) -> dict[str, str]:
    """Each principal's name as it is shown now; "Someone" for those whose account is gone."""
    users = [principal.removeprefix("user:") for principal in principals if principal.startswith("user:")]
    guests = [principal.removeprefix("guest:") for principal in principals if principal.startswith("guest:")]
    names = {"server": SERVER_NAME}
    names |= {user.principal: user.shown_name for user in User.objects.filter(pk__in=users)} if users else {}
    names |= {guest.principal: guest.shown_name for guest in Guest.objects.filter(pk__in=guests)} if guests else {}
    return {principal: names.get(principal) or gettext("Someone") for principal in principals}
