from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "crm.ui"
    label = "ui"

    def ready(self) -> None:
        from allauth.account import signals as account
        from allauth.mfa import signals as mfa

        from crm.ui import sign_ins

        mfa.authentication_failed.connect(sign_ins.on_second_factor_failed)
        mfa.authenticator_added.connect(sign_ins.on_second_factor_added)
        mfa.authenticator_removed.connect(sign_ins.on_second_factor_removed)
        for signal in (account.password_set, account.password_changed, account.password_reset):
            signal.connect(sign_ins.on_password_changed)
