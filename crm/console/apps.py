from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "crm.console"
    label = "console"
