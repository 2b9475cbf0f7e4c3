"""What balancers ask: is the process alive, can it serve."""

import logging

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django.fixtures import Settings


def test_healthz_needs_neither_sign_in_nor_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_readyz_is_ok_when_everything_stands(client: Client) -> None:
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_readyz_says_no_while_a_migration_is_missing(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        MigrationRecorder(connection).record_unapplied("access", "0001_initial")
        answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not ready\n")
    assert "1 migrations are not applied" in caplog.text


@pytest.mark.django_db
def test_readyz_says_no_without_a_broker(client: Client, settings: Settings) -> None:
    settings.TASK_QUEUE_URL = "unix:///nowhere/valkey.sock?db=1"
    assert client.get("/readyz").status_code == 503
