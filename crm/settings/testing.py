"""Settings of the tests: production's strictness, fast password hashing, mail kept in memory."""

import os

from crm.launcher.place import place, var_folder

# The tests' own servers (tests/conftest.py starts them); each xdist process has a database and a Valkey number.
_number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
_servers = place(var_folder() / "test")
os.environ.setdefault("DATABASE_URL", _servers.database_url)
os.environ["REDIS_URL"] = f"{os.environ.get('REDIS_URL', _servers.redis_url()).partition('?')[0]}?db={_number}"

from crm.settings.base import *  # noqa: E402, F403
from crm.settings.base import STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
