"""The product's addresses and the bare views of the bench."""

from django.urls import include, path

from integrations.bench import views

urlpatterns = [
    path("bare/", views.bare_list),
    path("bare/cards/", views.bare_cards),
    path("bare/create/", views.bare_create),
    path("bare/<int:pk>/save/", views.bare_save),
    path("", include("crm.urls")),
]
