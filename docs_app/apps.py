from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class DocsAppConfig(AppConfig):
    name = "docs_app"
    verbose_name = gettext_lazy("Documents")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models may be imported only once all applications are there.
        from docs_app.services import upkeep  # noqa: PLC0415

        upkeep.connect()
