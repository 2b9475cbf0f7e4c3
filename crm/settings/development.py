"""Settings of `make run`: everything on this machine, mail kept in a file folder."""

from crm.settings.base import *  # noqa: F403
from crm.settings.base import VAR_DIR, env

DEBUG = env.bool("DEBUG", False)
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
WHITENOISE_USE_FINDERS = DEBUG
