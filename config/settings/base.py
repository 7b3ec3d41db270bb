"""What is the same everywhere. One value, one place; what differs is read from the environment."""

from pathlib import Path
from typing import Any

from config import embedded, env

BASE_DIR = env.ROOT
DATA_DIR = env.data_dir()
FRONTEND_DIR = env.ROOT / "var" / "frontend"  # made by config/setup/frontend.py

DEBUG = False
DEMO = False  # one-click log-in and the mail page; never in production

INSTALLED_APPS = [
    "pulje",
    "letters",
    "workflow",
    "viewflow.workflow",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.admin.apps.SimpleAdminConfig",  # pulje/admin.py has its own site
    "django.forms",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.never_cache_personal_pages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.language.speak_the_chosen_language",
    "config.middleware.LogInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "workflow.impartial.AskAboutTies",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [env.ROOT / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- database, Redis, workers -----------------------------------------------------------------

DATABASES = {"default": env.database(env.text("DATABASE_URL", embedded.postgres_url(DATA_DIR)))}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL", embedded.redis_url(DATA_DIR))
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}

CELERY_BROKER_URL = env.text("REDIS_URL", embedded.broker_url(DATA_DIR))
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/Copenhagen"

# --- language and time ------------------------------------------------------------------------

LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk"), ("en", "English")]  # letters and staff pages stay Danish
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [env.ROOT / "config" / "locale", env.ROOT / "config" / "locale_extensions"]
TIME_ZONE = "Europe/Copenhagen"
USE_I18N = True
USE_TZ = True

# --- people -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "pulje.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "pulje.permissions.RoleBackend",
    "django.contrib.auth.backends.ModelBackend",
]
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # an e-mail is unique by a constraint on lower(email)
LOGIN_URL = "/log-ind/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 8 * 60 * 60  # one working day
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "pulje.views.typed.csrf_failure"

# five wrong passwords for one e-mail from one address lock that pair for a quarter of an hour
AXES_FAILURE_LIMIT = 5
AXES_USERNAME_FORM_FIELD = "username"  # the form's name for it; the default ("email") counts nobody
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"

# --- pages ------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = DATA_DIR / "static"
STATICFILES_DIRS = [FRONTEND_DIR]
MEDIA_ROOT = DATA_DIR / "media"  # private: served by views that ask for permission, never by a URL
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 60
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # an agenda of 500 cases has four or five in each row
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "pulje.forms.upload_handler.CappedUploadHandler",
]
# the virus scanner: unix:/run/clamav/clamd.ctl or tcp:host:3310; empty: files are not scanned
CLAMD_URL = env.text("CLAMD_URL", "")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # dkfds draws its arrows and check marks as data: images
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

# --- mail and logs ----------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Puljer <puljer@puljer.example>")
EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.number("EMAIL_PORT", 8025)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20

# --- letters ----------------------------------------------------------------------------------

LETTER_FONTS_DIR = FRONTEND_DIR / "letters" / "fonts"
LETTER_LOGO = env.text("LETTER_LOGO", "")  # an SVG of plain shapes or a PNG; empty: Puljer's mark
LETTER_COLOUR = env.text("LETTER_COLOUR", "")  # "#0f5a47": bars, boxes and links; readable on white
LETTER_SEAL_P12 = env.text("LETTER_SEAL_P12", "")  # the municipality's certificate; empty: no seal
LETTER_SEAL_PASSWORD = env.text("LETTER_SEAL_PASSWORD", "")
LETTER_PORTS = {  # how a letter leaves the house; the channel is chosen when it is queued
    "DIGITAL_POST": env.text("DIGITAL_POST_PORT", "letters.delivery.digital_post.DigitalPostPort"),
    "EMAIL": "letters.delivery.email.EmailPort",
    "PORTAL": "letters.delivery.portal.PortalPort",
    "PRINT": "letters.delivery.folder.FolderPort",
    "NOWHERE": "letters.delivery.fake.FakePort",
}
# the municipality's ESDH: a class by its dotted path; empty: cases are not handed over
ESDH_ADAPTER = env.text("ESDH_ADAPTER", "")
ESDH_FOLDER = env.text("ESDH_FOLDER", str(DATA_DIR / "esdh"))
ESDH_ACTION_FACET = env.text("ESDH_ACTION_FACET", "")  # KLE's handlingsfacet, e.g. G01
ESDH_DISPOSAL = env.text("ESDH_DISPOSAL", "")  # kassationskode

LETTER_PRINT_DIR = DATA_DIR / "print"  # letters to people without e-mail, for printing and posting
LETTER_POST_DAYS = env.number("LETTER_POST_DAYS", 5)  # working days until the post has brought one
BOUNCE_MAILDIR = env.text("BOUNCE_MAILDIR", "")  # where mails that come back are put; "": none read
MAIL_KEPT_DAYS = env.number("MAIL_KEPT_DAYS", 365)  # then a sent mail's address and facts are gone

# docs/how-to/digital-post.md; without an address letters go by other ways
DIGITAL_POST: dict[str, Any] = {
    "url": env.text("DIGITAL_POST_URL", "").rstrip(
        "/"
    ),  # https://prod.serviceplatformen.dk/service
    "cert": env.text("DIGITAL_POST_CERT", ""),  # our client certificate, PEM
    "key": env.text("DIGITAL_POST_KEY", ""),  # ... and its key; empty: in the same file
    "ca": env.text("DIGITAL_POST_CA", ""),  # who vouches for the service; empty: the machine's own
    "sender": env.text("DIGITAL_POST_SENDER", ""),  # the municipality's CVR number
    "contact_point": env.text("DIGITAL_POST_CONTACT_POINT", ""),  # where answers go, a UUID
    "kle_version": env.text("DIGITAL_POST_KLE_VERSION", "2023"),
    "is_legal_notification": env.flag("DIGITAL_POST_LEGAL_NOTIFICATION", default=True),
    "seconds": env.number("DIGITAL_POST_SECONDS", 30),
    "most_bytes": env.number("DIGITAL_POST_MOST_BYTES", 20_000_000),
    "receipts": env.text(
        "DIGITAL_POST_RECEIPTS", "letters.delivery.digital_post.HttpReceipts"
    ),  # where receipts are fetched
    "queue": env.text("DIGITAL_POST_QUEUE", ""),  # Beskedfordeler's name for our queue
}
# opens the CPR numbers that are kept for Digital Post; the first seals: a new one goes first
PERSON_NUMBER_KEYS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "axes": {"level": "WARNING"},
        "fontTools": {"level": "ERROR"},
        "urllib3": {"level": "INFO"},  # its DEBUG tells addresses, and in them whom we look up
        "weasyprint": {"level": "WARNING"},
    },
}


SOURCE_URL = env.text(
    "SOURCE_URL", "/kildekode/"
)  # AGPL: where people of this installation find the source

SITE = {  # what pages and letters say about the municipality; `{% site "phone" %}`
    "name": env.text("SITE_NAME", "Puljer i Rudersdal"),
    "municipality": env.text("SITE_MUNICIPALITY", "Rudersdal Kommune"),
    "office": env.text("SITE_OFFICE", "Kulturområdet, Kulturcenter Mariehøj"),
    "phone": env.text("SITE_PHONE", "12 34 56 78"),
    "hours": env.text("SITE_HOURS", "hverdage kl. 10–14"),
    "email": env.text("SITE_EMAIL", "puljer@rudersdal.example"),
    "url": env.text(
        "SITE_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}"
    ),  # in mails and letters
}

# --- outside look-ups: each is a class, chosen by its dotted path ------------------------------

# who signs people in; empty: nobody, log-in is by e-mail only
OIDC_ISSUER = env.text("OIDC_ISSUER", "")
OIDC_CLIENT_ID = env.text("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = env.text("OIDC_CLIENT_SECRET", "")
OIDC_SCOPE = env.text("OIDC_SCOPE", "openid profile")
OIDC_PARAMS = env.text("OIDC_PARAMS", "")  # the broker's own, written as in a URL: a=1&b=2
IDENTITY_PROVIDER = env.text(
    "IDENTITY_PROVIDER", "pulje.registers.identity_oidc.OidcIdentity" if OIDC_ISSUER else ""
)
CVR_REGISTER = env.text("CVR_REGISTER", "pulje.registers.cvr_api.CvrApi")
CVR_URL = env.text("CVR_URL", "")  # empty: the register's own
CVR_USER = env.text("CVR_USER", "")
CVR_PASSWORD = env.text("CVR_PASSWORD", "")
CVR_USER_AGENT = f"{SITE['municipality']} - Puljer - {SITE['email']}"
