"""A real worker beside the test: the test's database, a real broker, real receivers."""

import os

from config.settings.test import *  # noqa: F403
from config.settings.test import CACHES, DATABASES

PREFIX = os.environ["TEST_WORKER_PREFIX"]
DATABASES["default"]["NAME"] = os.environ["TEST_WORKER_DATABASE"]
CACHES["default"]["KEY_PREFIX"] = PREFIX
CELERY_BROKER_URL = os.environ["TEST_WORKER_BROKER"]
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": PREFIX}
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_PORT = int(os.environ["TEST_WORKER_MAIL_PORT"])
EMAIL_HOST = "127.0.0.1"
EMAIL_TIMEOUT = 5
LETTER_PRINT_DIR = os.environ.get("TEST_WORKER_PRINT", "")
