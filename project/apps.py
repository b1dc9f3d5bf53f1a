from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy

from project.checks import neighbours, processes


class ProjectConfig(AppConfig):
    name = "project"
    verbose_name = gettext_lazy("Site")

    def ready(self) -> None:
        register(processes)
        register(neighbours, Tags.security, deploy=True)
