"""What people send in from pages, as to shape: lengths, choices, required fields.

What a name or a title may consist of is decided where it is kept (docs_app.services.words); its refusal is shown at the
field all the same (docs_app.views.refusals).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from docs_app.levels import LABELS, Level
from docs_app.models.sharing import LINK_LEVELS, PERSON_LEVELS

SHELVES = {
    "mine": _("My documents"),
    "shared": _("Shared with me"),
    "trash": _("Trash"),
}
_EXPIRIES = [
    ("", _("Never expires")),
    ("1", _("For a day")),
    ("7", _("For a week")),
    ("30", _("For 30 days")),
]


class SearchForm(forms.Form):
    """Which shelf of the list, and what its titles must contain."""

    show = forms.ChoiceField(choices=[(name, name) for name in SHELVES])
    q = forms.CharField(max_length=200, required=False)


class TitleForm(forms.Form):
    title = forms.CharField(max_length=200, label=_("Title"))


class NewDocumentForm(forms.Form):
    """With `content`, ProseMirror's JSON, it is made of a text that a page has and the server does not."""

    title = forms.CharField(max_length=200, required=False, label=_("Title"))
    content = forms.CharField(required=False, strip=False)


class UploadForm(forms.Form):
    """A file, and whether it is to be shown or to be had."""

    file = forms.FileField(allow_empty_file=True)
    kind = forms.ChoiceField(choices=[("image", "image"), ("file", "file")])


class PersonForm(forms.Form):
    """Somebody to share with."""

    who = forms.CharField(
        max_length=254,
        label=_("Username or e-mail address"),
        widget=forms.TextInput(attrs={"placeholder": _("Username or e-mail address"), "autocomplete": "off"}),
    )
    level = forms.TypedChoiceField(choices=PERSON_LEVELS, coerce=int, initial=Level.EDIT.value, label=_("Role"))


class RoleForm(forms.Form):
    """A person's new role; 0 takes it."""

    level = forms.TypedChoiceField(choices=[(0, LABELS[Level.NONE]), *PERSON_LEVELS], coerce=int, label=_("Role"))


class LinkForm(forms.Form):
    level = forms.TypedChoiceField(choices=LINK_LEVELS, coerce=int, initial=Level.VIEW.value, label=_("Role"))
    days = forms.TypedChoiceField(choices=_EXPIRIES, coerce=int, empty_value=None, required=False, label=_("How long"))
    label = forms.CharField(
        max_length=64,
        required=False,
        label=_("For whom (a note to yourself)"),
        widget=forms.TextInput(attrs={"placeholder": _("For whom? (optional)"), "autocomplete": "off"}),
    )

    @property
    def expires_at(self) -> datetime | None:
        days: int | None = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=days) if days else None


class GuestForm(forms.Form):
    name = forms.CharField(
        max_length=64,
        label=_("Your name"),
        help_text=_("Others see it beside your cursor and your comments."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )


class NameForm(forms.Form):
    name = forms.CharField(
        max_length=64,
        required=False,
        label=_("Name"),
        help_text=_("What others see. Without one they see your username."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class TokenForm(forms.Form):
    label = forms.CharField(
        max_length=64,
        required=False,
        label=_("What it is for"),
        widget=forms.TextInput(attrs={"placeholder": _("What is it for?"), "autocomplete": "off"}),
    )
