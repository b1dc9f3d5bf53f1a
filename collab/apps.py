from django.apps import AppConfig
from django.core.checks import Tags, register

from collab.checks import durability


class CollabConfig(AppConfig):
    name = "collab"
    verbose_name = "Realtime engine"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(durability, Tags.database)
