"""Settings of the tests: production's strictness, fast password hashing, mail kept in memory."""

import os

from crm.launcher.place import place, var_folder

# The tests' own servers (tests/servers.py starts them); each xdist process has its own database and Valkey numbers.
_process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_servers = place(var_folder() / "test")
os.environ.setdefault("DATABASE_URL", _servers.database_url)
_valkey = os.environ.get("REDIS_URL", _servers.redis_url()).partition("?")[0]
os.environ.update(REDIS_URL=f"{_valkey}?db={2 * _process}", TASK_QUEUE_URL=f"{_valkey}?db={2 * _process + 1}")

from crm.settings.base import *  # noqa: E402, F403
from crm.settings.base import STORAGES  # noqa: E402

LANGUAGE_CODE = "en"  # What tests expect of a sentence is what the code says; French where they ask for it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
