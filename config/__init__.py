"""Wiring only: no models, no rules, no pages. Loads the Celery app, so that tasks find it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
