"""What the product keeps beside the text itself (which the engine keeps)."""

from docs_app.models.among import Among, AmongPairs
from docs_app.models.comments import Comment, Thread
from docs_app.models.documents import Direction, Document
from docs_app.models.people import ApiToken, Guest, User
from docs_app.models.sharing import LinkUse, Membership, ShareLink
from docs_app.models.uploads import Upload

__all__ = [
    "Among",
    "AmongPairs",
    "ApiToken",
    "Comment",
    "Direction",
    "Document",
    "Guest",
    "LinkUse",
    "Membership",
    "ShareLink",
    "Thread",
    "Upload",
    "User",
]
