"""Addresses of contacts, companies and groups."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from contacts.views import affiliations, companies, contacts, duplicates, groups, merging, points, tags


class OwnerConverter(StringConverter):
    """The kinds of record that addresses, phones, categories and groups belong to."""

    regex = "contact|company"


register_converter(OwnerConverter, "owner")

app_name = "contacts"
urlpatterns = [
    # Contacts
    path("contacts/", contacts.contact_list, name="contact_list"),
    path("contacts/count/", contacts.contact_count, name="contact_count"),
    path("contacts/filter/", contacts.contact_filter, name="contact_filter"),
    path("contacts/columns/", contacts.contact_columns, name="contact_columns"),
    path("contacts/bulk/", contacts.contact_bulk, name="contact_bulk"),
    path("contacts/merge/", merging.contact_merge, name="contact_merge"),
    path("contacts/duplicates/", duplicates.contact_duplicates, name="contact_duplicates"),
    path("contacts/duplicates/merge/", duplicates.contact_merge_certain, name="contact_merge_certain"),
    path("contacts/duplicates/search/", duplicates.contact_search, name="contact_search"),
    path("contacts/<int:pk>/merge/", duplicates.contact_merge_with, name="contact_merge_with"),
    path("contacts/twins/", duplicates.contact_twins, name="contact_twins"),
    path("contacts/new/", contacts.contact_create, name="contact_create"),
    path("contacts/trash/", contacts.contact_trash_list, name="contact_trash_list"),
    path("contacts/<int:pk>/", contacts.contact_detail, name="contact_detail"),
    path("contacts/<int:pk>/preview/", contacts.contact_preview, name="contact_preview"),
    path("contacts/<int:pk>/edit/", contacts.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/fields/<slug:slug>/", contacts.contact_field, name="contact_field"),
    path("contacts/<int:pk>/trash/", contacts.contact_trash, name="contact_trash"),
    path("contacts/<int:pk>/restore/", contacts.contact_restore, name="contact_restore"),
    path("contacts/<int:pk>/photo/", contacts.contact_photo, name="contact_photo"),
    path("contacts/<int:pk>/photo/edit/", contacts.contact_photo_edit, name="contact_photo_edit"),
    path("contacts/<int:contact_pk>/companies/new/", affiliations.affiliation_create, name="affiliation_create"),
    # Companies
    path("companies/", companies.company_list, name="company_list"),
    path("companies/count/", companies.company_count, name="company_count"),
    path("companies/filter/", companies.company_filter, name="company_filter"),
    path("companies/columns/", companies.company_columns, name="company_columns"),
    path("companies/bulk/", companies.company_bulk, name="company_bulk"),
    path("companies/merge/", merging.company_merge, name="company_merge"),
    path("companies/duplicates/", duplicates.company_duplicates, name="company_duplicates"),
    path("companies/duplicates/merge/", duplicates.company_merge_certain, name="company_merge_certain"),
    path("companies/duplicates/search/", duplicates.company_search, name="company_search"),
    path("companies/<int:pk>/merge/", duplicates.company_merge_with, name="company_merge_with"),
    path("companies/suggest/", companies.company_suggest, name="company_suggest"),
    path("companies/twins/", duplicates.company_twins, name="company_twins"),
    path("companies/new/", companies.company_create, name="company_create"),
    path("companies/trash/", companies.company_trash_list, name="company_trash_list"),
    path("companies/<int:pk>/", companies.company_detail, name="company_detail"),
    path("companies/<int:pk>/preview/", companies.company_preview, name="company_preview"),
    path("companies/<int:pk>/edit/", companies.company_edit, name="company_edit"),
    path("companies/<int:pk>/fields/<slug:slug>/", companies.company_field, name="company_field"),
    path("companies/<int:pk>/trash/", companies.company_trash, name="company_trash"),
    path("companies/<int:pk>/restore/", companies.company_restore, name="company_restore"),
    # Groups
    path("groups/", groups.group_list, name="group_list"),
    path("groups/count/", groups.group_count, name="group_count"),
    path("groups/filter/", groups.group_filter, name="group_filter"),
    path("groups/columns/", groups.group_columns, name="group_columns"),
    path("groups/bulk/", groups.group_bulk, name="group_bulk"),
    path("groups/new/", groups.group_create, name="group_create"),
    path("groups/trash/", groups.group_trash_list, name="group_trash_list"),
    path("groups/<int:pk>/", groups.group_detail, name="group_detail"),
    path("groups/<int:pk>/edit/", groups.group_edit, name="group_edit"),
    path("groups/<int:pk>/trash/", groups.group_trash, name="group_trash"),
    path("groups/<int:pk>/restore/", groups.group_restore, name="group_restore"),
    # What belongs to a contact or company; `owner` is "contact" or "company"
    path("<owner:owner>/<int:owner_pk>/groups/", groups.membership_edit, name="membership_edit"),
    path("<owner:owner>/duplicates/<int:pk>/apart/", duplicates.pair_apart, name="pair_apart"),
    path("<owner:owner>/<int:owner_pk>/categories/", tags.tags_edit, name="tags_edit"),
    path("<owner:owner>/<int:owner_pk>/add/<slug:kind>/", points.point_create, name="point_create"),
    path("points/<slug:kind>/<int:pk>/", points.point_edit, name="point_edit"),
    path("points/<slug:kind>/<int:pk>/remove/", points.point_remove, name="point_remove"),
    path("points/<slug:kind>/<int:pk>/primary/", points.point_primary, name="point_primary"),
    path("affiliations/<int:pk>/", affiliations.affiliation_edit, name="affiliation_edit"),
    path("affiliations/<int:pk>/end/", affiliations.affiliation_end, name="affiliation_end"),
    path("affiliations/<int:pk>/primary/", affiliations.affiliation_primary, name="affiliation_primary"),
    path("affiliations/<int:pk>/remove/", affiliations.affiliation_remove, name="affiliation_remove"),
]
