"""A real worker beside the test: the test's database, a real broker, a real mail server."""

import os

from config.settings.test import *  # noqa: F403
from config.settings.test import DATABASES

DATABASES["default"]["NAME"] = os.environ["TEST_WORKER_DATABASE"]
CELERY_BROKER_URL = os.environ["TEST_WORKER_BROKER"]
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": os.environ["TEST_WORKER_PREFIX"]}
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_PORT = int(os.environ["TEST_WORKER_MAIL_PORT"])
EMAIL_HOST = "127.0.0.1"
