"""The kinds of records that files hold, and the parts of their addresses: the words everything here speaks with."""

from django.utils.translation import gettext_lazy as _

CONTACTS = "contacts"
COMPANIES = "companies"
PRODUCTS = "products"
USERS = "users"
OPPORTUNITIES = "opportunities"

PLACES = {
    "work": _("Work address"),
    "home": _("Home address"),
    "billing": _("Billing address"),
    "delivery": _("Delivery address"),
    "other": _("Other address"),
}
PARTS = {
    "street": _("Street"),
    "postcode": _("Postcode"),
    "city": _("City"),
    "region": _("Region"),
    "country": _("Country"),
}
