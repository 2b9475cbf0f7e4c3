"""Settings of `make run`: everything on this machine, mail kept in a file folder."""

import os

from crm.launcher.place import place, secret_key, var_folder

# `manage.py` finds servers and secret of `make run` by itself; they must be named before the shared settings read them.
_servers = place(var_folder())
os.environ.setdefault("SECRET_KEY", secret_key(var_folder()))
os.environ.setdefault("DATABASE_URL", _servers.database_url)
if "REDIS_URL" not in os.environ:
    os.environ.update(REDIS_URL=_servers.redis_url(0), TASK_QUEUE_URL=_servers.redis_url(1))

from crm.settings.base import *  # noqa: E402, F403
from crm.settings.base import ALLOWED_HOSTS, MIDDLEWARE, VAR_DIR, env  # noqa: E402

DEBUG = env.bool("DEBUG", False)
# HOST is what `make run` listens on: whoever opens it to the network means to be reached by any name.
ALLOWED_HOSTS = [*ALLOWED_HOSTS, {"0.0.0.0": "*", "::": "*"}.get(host := env.str("HOST", "localhost"), host)]  # noqa: S104
MIDDLEWARE = ["crm.ui.localhost.redirect_to_name", *MIDDLEWARE]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
WHITENOISE_USE_FINDERS = DEBUG
