"""Addresses of the administrators' pages, and of the invitation that a newcomer opens."""

from django.urls import include, path

from crm.console.views import audit, fields, home, invitations, organisation, roles, teams, users

app_name = "console"

administration = [
    path("", home.home, name="home"),
    # Users
    path("users/", users.user_list, name="user_list"),
    path("users/invite/", users.user_invite, name="user_invite"),
    path("users/<int:pk>/", users.user_edit, name="user_edit"),
    path("users/<int:pk>/team/", users.user_team, name="user_team"),
    path("users/<int:pk>/roles/", users.user_roles, name="user_roles"),
    path("users/<int:pk>/invite/", users.user_invite_again, name="user_invite_again"),
    path("users/<int:pk>/revoke/", users.user_revoke, name="user_revoke"),
    path("users/<int:pk>/deactivate/", users.user_deactivate, name="user_deactivate"),
    path("users/<int:pk>/reactivate/", users.user_reactivate, name="user_reactivate"),
    path("users/<int:pk>/sign-out/", users.user_sign_out, name="user_sign_out"),
    path("users/<int:pk>/second-factor/reset/", users.user_reset_second_factor, name="user_reset_second_factor"),
    # Teams
    path("teams/", teams.team_list, name="team_list"),
    path("teams/new/", teams.team_create, name="team_create"),
    path("teams/<int:pk>/", teams.team_edit, name="team_edit"),
    path("teams/<int:pk>/remove/", teams.team_remove, name="team_remove"),
    # Roles
    path("roles/", roles.role_list, name="role_list"),
    path("roles/new/", roles.role_create, name="role_create"),
    path("roles/<int:pk>/", roles.role_edit, name="role_edit"),
    path("roles/<int:pk>/rights/", roles.role_rights, name="role_rights"),
    path("roles/<int:pk>/remove/", roles.role_remove, name="role_remove"),
    # Custom fields
    path("fields/", fields.field_list, name="field_list"),
    path("fields/<str:type>/new/", fields.field_create, name="field_create"),
    path("fields/<str:type>/rights/", fields.field_rules, name="field_rules"),
    path("fields/<int:pk>/", fields.field_edit, name="field_edit"),
    path("fields/<int:pk>/move/", fields.field_move, name="field_move"),
    path("fields/<int:pk>/trash/", fields.field_trash, name="field_trash"),
    path("fields/<int:pk>/restore/", fields.field_restore, name="field_restore"),
    # The organisation
    path("settings/", organisation.settings, name="settings"),
    # Traces
    path("audit/", audit.audit, name="audit"),
]

urlpatterns = [
    path("administration/", include(administration)),
    path("organisation/logo/", organisation.logo, name="organisation_logo"),
    path("invitation/<str:token>/", invitations.invitation_accept, name="invitation_accept"),
]
