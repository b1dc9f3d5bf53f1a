from django.apps import AppConfig


class CollabConfig(AppConfig):
    name = "collab"
    verbose_name = "Realtime engine"
    default_auto_field = "django.db.models.BigAutoField"
