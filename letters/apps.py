from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import register
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string

from letters import checks


class LettersConfig(AppConfig):
    name = "letters"
    verbose_name = "Breve"

    def ready(self) -> None:
        post_migrate.connect(_write_texts, sender=self)
        register(checks.look_in_order)


def _write_texts(**told: Any) -> None:
    """The standard texts as rows that wait for approval, in a new and in an upgraded database.

    A signal, because it must happen after the last migration, whichever that is, and after a flush.
    """
    try:  # a test of a migration stops before the table is there
        told.get("apps", apps).get_model("letters", "LetterText")
    except LookupError:
        return
    import_string("letters.texts.actions.write_standard_texts")()
