"""`make run` on one's own machine: the demo, with every service embedded."""

from config import env
from config.settings.base import *  # noqa: F403

SECRET_KEY = "only-for-development-never-in-production-0123456789"  # noqa: S105
PERSON_NUMBER_KEYS = ["b25seS1mb3ItdGhlLWRlbW8tMDEyMzQ1Njc4OS1hYmM="]
DEBUG = env.flag("DEBUG")
DEMO = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
WHITENOISE_USE_FINDERS = True  # static files straight from their folders, no collectstatic
STATIC_ROOT = None
IDENTITY_PROVIDER = env.text("IDENTITY_PROVIDER", "pulje.registers.identity_demo.DemoIdentity")
CVR_REGISTER = env.text("CVR_REGISTER", "pulje.registers.cvr_fake.FakeCvr")
ESDH_ADAPTER = env.text("ESDH_ADAPTER", "letters.archive.folder.FolderArchive")
