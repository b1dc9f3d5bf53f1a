from django.apps import AppConfig


class DocsAppConfig(AppConfig):
    name = "docs_app"
    verbose_name = "Documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models may be imported only once all applications are there.
        from docs_app.services import upkeep  # noqa: PLC0415

        upkeep.connect()
