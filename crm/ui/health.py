"""For balancers: is this process alive, and can it serve. The answers tell nobody anything else; the log does."""

import logging
from collections.abc import Callable
from functools import cache

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from psycopg_pool import PoolTimeout

logger = logging.getLogger(__name__)
BROKER_SECONDS = 2


class NotReadyError(Exception):
    """What is missing; for the log."""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 if database, migrations and broker are as they should be, else 503."""
    checks: list[Callable[[], None]] = [check_database, check_broker]
    for check in checks:
        try:
            check()
        except (DatabaseError, PoolTimeout, redis.RedisError, NotReadyError) as error:
            logger.error("not ready: %s: %s: %s", check.__name__, type(error).__name__, error)
            return HttpResponse("not ready\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def check_database() -> None:
    """The database answers and has every migration of this code."""
    missing = _migrations() - set(MigrationRecorder(connection).applied_migrations())
    if missing:
        raise NotReadyError(f"{len(missing)} migrations are not applied")


def check_broker() -> None:
    """The broker of the background tasks answers."""
    timeouts = {"socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
    with redis.Redis.from_url(settings.TASK_QUEUE_URL, **timeouts) as broker:
        broker.ping()


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """The migrations that this code has, read once from the disk."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.disk_migrations or ())
