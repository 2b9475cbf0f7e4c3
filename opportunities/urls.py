"""Addresses of opportunities and products."""

from django.urls import path

from crm.ui.paths import common_paths
from opportunities.record_types import OPPORTUNITY, PRODUCT
from opportunities.views import (
    board,
    lines,
    many_moves,
    moves,
    opportunities,
    people,
    prices,
    products,
    quotes,
    related,
)

app_name = "opportunities"
urlpatterns = [
    # Opportunities
    path("opportunities/", opportunities.opportunity_list, name="opportunity_list"),
    path("opportunities/new/", opportunities.opportunity_create, name="opportunity_create"),
    path("opportunities/<int:pk>/", opportunities.opportunity_detail, name="opportunity_detail"),
    path("opportunities/<int:pk>/edit/", opportunities.opportunity_edit, name="opportunity_edit"),
    path("opportunities/<int:pk>/fields/<slug:slug>/", opportunities.opportunity_field, name="opportunity_field"),
    path("opportunities/<int:pk>/next-step/", opportunities.opportunity_plan, name="opportunity_plan"),
    path("opportunities/<int:pk>/categories/", opportunities.opportunity_tags, name="opportunity_tags"),
    path("opportunities/<int:pk>/clone/", opportunities.opportunity_clone, name="opportunity_clone"),
    path("opportunities/board/", board.board, name="board"),
    path("opportunities/board/more/", board.board_more, name="board_more"),
    path("opportunities/board/filter/", board.board_filter, name="board_filter"),
    path("opportunities/board/version/", board.board_version, name="board_version"),
    path("opportunities/board/move/", many_moves.board_move, name="board_move"),
    path("opportunities/months/", board.months, name="months"),
    path("opportunities/months/more/", board.months_more, name="months_more"),
    path("opportunities/months/filter/", board.months_filter, name="months_filter"),
    path("opportunities/<int:pk>/move/", moves.opportunity_move, name="opportunity_move"),
    path("opportunities/<int:pk>/month/", moves.opportunity_reschedule, name="opportunity_reschedule"),
    *common_paths("opportunities/", OPPORTUNITY),
    # On the pages of others
    path("companies/<int:pk>/opportunities/", related.related_company, name="related_company"),
    path("contacts/<int:pk>/opportunities/", related.related_contact, name="related_contact"),
    # Who decides, and who sells
    path("opportunities/<int:deal_pk>/contacts/new/", people.part_create, name="part_create"),
    path("opportunities/<int:deal_pk>/contacts/suggest/", people.part_suggest, name="part_suggest"),
    path("opportunities/contacts/<int:pk>/", people.part_edit, name="part_edit"),
    path("opportunities/contacts/<int:pk>/remove/", people.part_remove, name="part_remove"),
    path("opportunities/<int:deal_pk>/co-owners/new/", people.coowner_create, name="coowner_create"),
    path("opportunities/co-owners/<int:pk>/", people.coowner_edit, name="coowner_edit"),
    path("opportunities/co-owners/<int:pk>/remove/", people.coowner_remove, name="coowner_remove"),
    # Lines of a deal
    path("opportunities/<int:pk>/lines/", lines.line_list, name="line_list"),
    path("opportunities/<int:pk>/lines/new/", lines.line_create, name="line_create"),
    path("opportunities/<int:pk>/lines/amount/", lines.line_source, name="line_source"),
    path("lines/<int:pk>/edit/", lines.line_edit, name="line_edit"),
    path("lines/<int:pk>/move/", lines.line_move, name="line_move"),
    path("lines/<int:pk>/remove/", lines.line_remove, name="line_remove"),
    # Quotes
    path("opportunities/<int:pk>/quotes/", quotes.quote_list, name="quote_list"),
    path("opportunities/<int:pk>/quotes/new/", quotes.quote_create, name="quote_create"),
    path("quotes/<int:pk>/", quotes.quote_detail, name="quote_detail"),
    path("quotes/<int:pk>/edit/", quotes.quote_edit, name="quote_edit"),
    path("quotes/<int:pk>/lines/", quotes.quote_lines, name="quote_lines"),
    path("quotes/<int:pk>/version/", quotes.quote_version, name="quote_version"),
    path("quotes/<int:pk>/remove/", quotes.quote_remove, name="quote_remove"),
    path("quotes/<int:pk>/send/", quotes.quote_act, {"act": "send"}, name="quote_send"),
    path("quotes/<int:pk>/accept/", quotes.quote_act, {"act": "accept"}, name="quote_accept"),
    path("quotes/<int:pk>/refuse/", quotes.quote_act, {"act": "refuse"}, name="quote_refuse"),
    path("quotes/<int:pk>/cancel/", quotes.quote_act, {"act": "cancel"}, name="quote_cancel"),
    path("quotes/<int:pk>/pdf/", quotes.quote_pdf, name="quote_pdf"),
    # Products
    path("products/", products.product_list, name="product_list"),
    path("products/new/", products.product_create, name="product_create"),
    path("products/<int:pk>/", products.product_detail, name="product_detail"),
    path("products/<int:pk>/edit/", products.product_edit, name="product_edit"),
    path("products/<int:pk>/fields/<slug:slug>/", products.product_field, name="product_field"),
    *common_paths("products/", PRODUCT),
    path("products/<int:pk>/prices/new/", prices.price_create, name="price_create"),
    path("prices/<int:pk>/edit/", prices.price_edit, name="price_edit"),
    path("prices/<int:pk>/remove/", prices.price_remove, name="price_remove"),
]
