"""TEMPORARY until letters.actions is there: the same three names, doing nothing."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

_letters = import_module("letters.actions") if find_spec("letters.actions") else None


def queue_for_entry(entry: Any, application: Any = None) -> Any:
    return _letters.queue_for_entry(entry, application) if _letters else None


def queue_many(entries: Any) -> Any:
    return _letters.queue_many(entries) if _letters else None


def queue_reminder(application: Any, kind: Any, number: int) -> Any:
    return _letters.queue_reminder(application, kind, number) if _letters else None
