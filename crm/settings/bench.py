"""Settings of `make bench`: production's, over plain HTTP on this machine, with what the bench adds to them."""

from crm.settings.production import *  # noqa: F403
from crm.settings.production import CACHES, MIDDLEWARE

SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
# The product's addresses, and the bare views beside which they are measured.
ROOT_URLCONF = "integrations.bench.urls"
MIDDLEWARE = ["integrations.bench.middleware.tell_statements", *MIDDLEWARE]
CACHES = {"default": {**CACHES["default"], "KEY_PREFIX": "bench"}}
LOGGING = {"version": 1, "disable_existing_loggers": True}
