"""`manage.py create_token <username>`: a bearer token for somebody's programs, printed once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from docs_app.errors import Refused
from docs_app.models import User
from docs_app.services.tokens import create_token


class Command(BaseCommand):
    help = "Prints a new bearer token of an account. It is shown this once: only its hash is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--label", default="", help="what it is for, as the account page will list it")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"Nobody here is called {options['username']}.")
        if not user.is_active:
            raise CommandError(f"The account {user.username} is suspended: its tokens open nothing.")
        try:
            _, secret = create_token(user=user, label=options["label"])
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(secret)
