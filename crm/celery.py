"""The Celery application: tasks are hints, rows are the truth."""

from celery import Celery

app = Celery("sillage")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
