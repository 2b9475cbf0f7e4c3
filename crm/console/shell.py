"""For whom commands of the shell act: rights and language are theirs, and the history names them."""

from django.core.management.base import CommandError

from crm.access.models import User


def acting_user(email: str) -> User:
    """Return the active person of that address; without one, the administrator who has been here longest.

    Raises CommandError where there is nobody.
    """
    if email:
        person = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody active here has the address {email.strip()}.")
        return person
    administrator = User.objects.administrators().order_by("pk").first()
    if administrator is None:
        raise CommandError("There is no administrator yet: name somebody with --as EMAIL.")
    return administrator
