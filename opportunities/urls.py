"""Addresses of opportunities and products."""

from django.urls import path

from crm.ui.paths import common_paths
from opportunities.record_types import OPPORTUNITY, PRODUCT
from opportunities.views import opportunities, products

app_name = "opportunities"
urlpatterns = [
    # Opportunities
    path("opportunities/", opportunities.opportunity_list, name="opportunity_list"),
    path("opportunities/new/", opportunities.opportunity_create, name="opportunity_create"),
    path("opportunities/<int:pk>/", opportunities.opportunity_detail, name="opportunity_detail"),
    path("opportunities/<int:pk>/edit/", opportunities.opportunity_edit, name="opportunity_edit"),
    path("opportunities/<int:pk>/fields/<slug:slug>/", opportunities.opportunity_field, name="opportunity_field"),
    *common_paths("opportunities/", OPPORTUNITY),
    # Products
    path("products/", products.product_list, name="product_list"),
    path("products/new/", products.product_create, name="product_create"),
    path("products/<int:pk>/", products.product_detail, name="product_detail"),
    path("products/<int:pk>/edit/", products.product_edit, name="product_edit"),
    path("products/<int:pk>/fields/<slug:slug>/", products.product_field, name="product_field"),
    *common_paths("products/", PRODUCT),
]
