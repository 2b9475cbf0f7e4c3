"""Every address of the product. Apps bring their own list; upwards there are only strings."""

from django.urls import include, path

from crm.console.admin import site
from crm.ui.health import healthz, readyz
from crm.ui.views.start import start

urlpatterns = [
    path("", start, name="start"),
    path("", include("crm.ui.urls")),
    path("", include("contacts.urls")),
    path("", include("opportunities.urls")),
    path("", include("integrations.urls")),
    path("", include("crm.console.urls")),
    path("admin/", site.urls),
    path("accounts/", include("crm.ui.sign_in_urls")),
    path("healthz", healthz),
    path("readyz", readyz),
]

handler400 = "crm.ui.errors.bad_request"
handler403 = "crm.ui.errors.permission_denied"
handler404 = "crm.ui.errors.page_not_found"
handler429 = "crm.ui.errors.too_many_requests"  # allauth's
handler500 = "crm.ui.errors.server_error"
