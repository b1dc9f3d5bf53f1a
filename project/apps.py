from django.apps import AppConfig
from django.core.checks import Tags, register

from project.checks import neighbours, processes


class ProjectConfig(AppConfig):
    name = "project"
    verbose_name = "Site"

    def ready(self) -> None:
        register(processes)
        register(neighbours, Tags.security, deploy=True)
