"""A signed-in browser's worth of HTTP: one connection kept open, cookies, the token, and a stopwatch."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from integrations.bench.middleware import HEADER
from integrations.bench.server import HOST

Form = dict[str, str | list[str]]


@dataclass(frozen=True)
class Ask:
    """One request. `target` is the id of the element that htmx would fill, if it asks."""

    path: str
    form: Form | None = None
    target: str = ""


@dataclass(frozen=True)
class Answer:
    """One answer: seconds at the client, statements and their milliseconds as the server counts them."""

    status: int
    seconds: float
    statements: int
    sql_ms: float
    body: bytes
    location: str = ""


@dataclass
class Client:
    """Requests one after the other over one connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(HOST, self.port, timeout=60)

    def another(self) -> Client:
        """The same session over a connection of its own."""
        return Client(self.port, dict(self.cookies))

    def sign_in(self, email: str, password: str) -> Client:
        """Sign in as a person does; RuntimeError if that fails."""
        self.ask(Ask("/accounts/login/"))
        answer = self.ask(Ask("/accounts/login/", {"login": email, "password": password}))
        if answer.status != 302 or "sessionid" not in self.cookies:
            raise RuntimeError(f"{email} cannot sign in: {answer.status}")
        return self

    def ask(self, ask: Ask) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers["Accept"] = "text/html"
        if ask.target:
            headers |= {"HX-Request": "true", "HX-Target": f"div#{ask.target}"}
        body = None
        if ask.form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            headers |= {"X-CSRFToken": self.cookies.get("csrftoken", ""), "Origin": f"http://{HOST}:{self.port}"}
            body = urlencode(ask.form, doseq=True)
        start = time.perf_counter()
        self.connection.request("GET" if body is None else "POST", ask.path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - start
        for cookie in response.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie).items()}
        count, _, spent = response.headers.get(HEADER, "0 0").partition(" ")
        location = response.headers.get("Location", "")
        return Answer(response.status, seconds, int(count), float(spent), content, location)
