"""What every story about an action needs: the database, and a moment."""

from datetime import datetime

import pytest
from django.utils import timezone


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Every action writes."""


@pytest.fixture
def now() -> datetime:
    return timezone.now()
