"""E-mail and web addresses: lower case for matching, sentences for what is wrong."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from contacts.emails import clean_domain, clean_email, clean_url, company_domain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" ZOE@Martin.Example ", "zoe@martin.example"),
        ("Zoë Martin <zoe@martin.example>", "zoe@martin.example"),
        ("mailto:a+b@sub.example.co.uk", "a+b@sub.example.co.uk"),
        ("contact@Société.fr", "contact@société.fr"),
        ("jean@example.fr;", "jean@example.fr"),
        ("", ""),
    ],
)
def test_addresses_are_read_as_people_paste_them(typed: str, kept: str) -> None:
    assert clean_email(typed) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("jean.dupont", "no “@”"),
        ("jean@", "domain"),
        ("jean@localhost", "after “@”"),
        ("jean@exa mple.com", "after “@”"),
        ("@SUM(1+1)@example.com", "before “@”"),
        ("@example.com", "before “@”"),
        ("jean..d@example.com", "before “@”"),
        ("a" * 65 + "@example.com", "before “@”"),
        ("a@" + "b" * 60 + ".example" * 30, "254"),
        ("/o=ExchangeLabs/cn=Recipients/cn=abc", "no “@”"),
    ],
)
def test_wrong_addresses_get_a_sentence(typed: str, why: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        clean_email(typed)
    assert why in refused.value.messages[0]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.example.com", "https://www.example.com"),
        ("HTTP://Www.Example.com/", "http://www.example.com"),
        ("example.com:8080/a?b=1#c", "https://example.com:8080/a?b=1#c"),
        ("//example.com", "https://example.com"),
        ("", ""),
    ],
)
def test_web_addresses_get_their_scheme(typed: str, kept: str) -> None:
    assert clean_url(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["javascript:alert(1)", "data:text/html,x", "localhost", "ex ample.com", "http://[", "http://a.fr:99999", "-"],
)
def test_what_is_no_web_address_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        clean_url(typed)


def test_domains() -> None:
    assert clean_domain("https://www.example.com/fr") == "example.com"
    assert clean_domain("jean@example.com") == "example.com"
    assert company_domain("jean@dupont.example") == "dupont.example"
    assert company_domain("jean@gmail.com") == ""
