"""One's own account: the name others see, and the tokens of one's programs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from docs_app import queries
from docs_app.errors import NotFound, Refused
from docs_app.forms import NameForm, TokenForm
from docs_app.models import User
from docs_app.services import people
from docs_app.services import tokens as service
from docs_app.views.lookup import Request, signed_in
from docs_app.views.refusals import blame


@require_http_methods(["GET", "POST"])
def account(request: Request) -> HttpResponse:
    user = signed_in(request)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if request.method == "GET":
        return _page(request, user)
    if form.is_valid():
        try:
            people.rename_person(user=user, name=form.cleaned_data["name"])
        except Refused as error:
            blame(form, "name", error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("account")
    return _page(request, user, status=422, name_form=form)


@require_POST
def tokens(request: Request) -> HttpResponse:
    """A new token. It is shown in this answer and never again, so there is no redirect."""
    user = signed_in(request)
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            _, secret = service.create_token(user=user, label=form.cleaned_data["label"])
        except Refused as error:
            blame(form, "label", error)
        else:
            return _page(request, user, secret=secret)
    return _page(request, user, status=422, token_form=form)


@require_POST
def revoke_token(request: Request, token_id: int) -> HttpResponse:
    user = signed_in(request)
    token = queries.tokens_of(user).filter(pk=token_id).first()
    if token is None:
        raise NotFound(gettext("This token is revoked already."))
    service.revoke_token(token=token)
    messages.success(request, gettext("“%(token)s” opens nothing any more.") % {"token": token})
    return redirect("account")


def _page(request: Request, user: User, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "name_form": NameForm(initial={"name": user.name}),
        "token_form": TokenForm(auto_id="token-%s"),
        "tokens": queries.tokens_of(user),
        **more,
    }
    return render(request, "account/account.html", context, status=status)
