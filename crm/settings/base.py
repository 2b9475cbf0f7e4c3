"""Settings shared by every environment; the environment supplies addresses and secrets."""

from pathlib import Path

import pghistory
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.str("SILLAGE_VAR", str(BASE_DIR / "var")))
NODE_MODULES = BASE_DIR / "node_modules"

SECRET_KEY = env.str("SECRET_KEY", "development-only-not-a-secret")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])

INSTALLED_APPS = [
    "crm.access",
    "crm.records",
    "crm.lists",
    "crm.ui",
    "crm.console",
    "contacts",
    "opportunities",
    "integrations",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "guardian",
    "pgtrigger",
    "pghistory",
    "template_partials",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "crm.ui.middleware.SeenMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.ui.middleware.ViewerMiddleware",
    "crm.access.second_factor.SecondFactorMiddleware",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.ui.context.shell",
            ],
        },
    },
]

FORM_RENDERER = "crm.ui.forms.FormRenderer"

DATABASES = {"default": env.dj_db_url("DATABASE_URL", "postgres:///sillage")}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", 8), "timeout": 10},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "redis://localhost:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# Emptying the cache must not empty the broker: give each a number (or a server) of its own.
TASK_QUEUE_URL = env.str("TASK_QUEUE_URL", REDIS_URL)
# Celery spells sockets its own way: unix:///path?db=0 is redis+socket:///path?virtual_host=0 there.
CELERY_BROKER_URL = TASK_QUEUE_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Kilobytes, looked at between tasks: what the night's statistics loaded is not kept.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 250_000
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "clear-sessions": {"task": "crm.console.tasks.clear_sessions", "schedule": crontab(hour="3", minute="0")},
    "resume-imports": {"task": "integrations.tasks.resume_imports", "schedule": 60},
    "forget-imports": {"task": "integrations.tasks.forget_imports", "schedule": crontab(hour="3", minute="20")},
    "resume-bulk": {"task": "crm.console.tasks.resume_bulk", "schedule": 60},
    "build-field-indexes": {"task": "crm.console.tasks.build_field_indexes", "schedule": 300},
    "forget-bulk": {"task": "crm.console.tasks.forget_bulk", "schedule": crontab(hour="3", minute="25")},
    "find-duplicates": {"task": "contacts.tasks.find_duplicates", "schedule": crontab(hour="1", minute="30")},
    "resume-searches": {"task": "contacts.tasks.resume_searches", "schedule": 60},
    # After midnight in UTC too, in which the database counts days.
    "take-up-rates": {"task": "opportunities.tasks.take_up_rates", "schedule": crontab(hour="2", minute="15")},
    "tidy-search": {"task": "crm.console.tasks.tidy_search", "schedule": crontab(hour="3", minute="35")},
    "forecast": {"task": "opportunities.tasks.forecast", "schedule": crontab(hour="2", minute="0")},
    "expire-quotes": {"task": "opportunities.tasks.expire_quotes", "schedule": crontab(hour="0", minute="10")},
    "empty-trash": {"task": "crm.console.tasks.empty_trash", "schedule": crontab(hour="3", minute="30")},
}

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "crm.access.backend.MatrixBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "crm.ui.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Sillage"
MFA_TRUST_ENABLED = True
USERSESSIONS_TRACK_ACTIVITY = True

ANONYMOUS_USER_NAME = None
# Shares are read by our own door (crm/access/querysets.py), not by guardian's backend.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False

# Every field of a version row may be empty: an insert records its key alone (crm/records/history.py).
PGHISTORY_FIELD = pghistory.Field(null=True)
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
FORMAT_MODULE_PATH = ["crm.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/htmx", NODE_MODULES / "htmx.org" / "dist"),
    ("vendor/sortable", NODE_MODULES / "sortablejs"),
    ("vendor/inter", NODE_MODULES / "@fontsource-variable" / "inter" / "files"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Private storage: nothing here has an address of its own, every file goes out through a view that checks rights.
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR_DIR / "media")))
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "crm.ui.errors.csrf_failure"

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Sillage <sillage@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
INVITATION_DAYS = 7
# Where the site is reached, for links that are made outside of a request.
SITE_URL = env.str("SITE_URL", f"http://localhost:{env.str('PORT', '8000')}")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}
