"""The ways in and out, asked as a browser asks: sign-in, sign-out, files, headers, addresses that do not exist."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit import config

from inventory.core.work import Store, Work
from inventory.people.sessions import person_for
from tests.ui.conftest import LOGIN, PASSWORD
from ui.parts import downloads, gate
from ui.parts.downloads import CSV, File, offers
from ui.parts.headers import KnownAddresses, SecurityHeaders, policy
from ui.parts.nearby import is_loopback, served_nearby
from ui.parts.opening import close_stores
from ui.parts.session import COOKIE


@dataclass
class Answer:
    """An HTTP answer."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


APP = Starlette(
    routes=[*gate.ROUTES, *downloads.ROUTES, Route("/{rest:path}", lambda request: PlainTextResponse("page"))],
    middleware=[Middleware(SecurityHeaders), Middleware(KnownAddresses)],
)


def call(method: str, path: str, *, body: bytes = b"", **headers: str) -> Answer:
    """Send one request to our routes and return the answer; keywords are headers with _ for -."""
    wanted, _mark, query = path.partition("?")
    named = {"host": "127.0.0.1:8501", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope: dict[str, Any] = {
        "type": "http", "method": method, "path": wanted, "raw_path": wanted.encode(), "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()], "client": ("127.0.0.1", 4711),
        "server": ("127.0.0.1", 8501), "scheme": "http", "http_version": "1.1", "root_path": "",
    }  # fmt: skip
    answer = Answer()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    asyncio.run(APP(scope, receive, send))  # type: ignore[arg-type]
    return answer


def sign_in(password: str = PASSWORD, *, onward: str = "/", **headers: str) -> Answer:
    """Post the sign-in form."""
    body = urlencode({"login": LOGIN, "password": password, "next": onward}).encode()
    return call("POST", "/auth/login", body=body, sec_fetch_site="same-origin", **headers)


def token_of(answer: Answer) -> str:
    """Return the token in the cookie of an answer."""
    name, _equals, rest = answer.headers["set-cookie"].partition("=")
    assert name == COOKIE
    return rest.partition(";")[0]


def test_sign_in_sets_a_closed_cookie_and_goes_on(district: Store) -> None:
    """The right password gives a cookie that scripts and other sites cannot use, and opens the address asked for."""
    answer = sign_in(onward="/stock?find=QB")
    assert (answer.status, answer.headers["location"]) == (303, "/stock?find=QB")
    flags = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= flags
    assert "secure" not in flags
    person = person_for(district, token_of(answer))
    assert person is not None
    assert person.login == LOGIN


def test_secure_cookie_by_setting(district: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind https the cookie never travels in the clear."""
    monkeypatch.setenv("INVENTORY_SECURE_COOKIE", "1")
    assert "secure" in sign_in().headers["set-cookie"].lower()


def test_wrong_password_says_how_many_tries_are_left(district: Store) -> None:
    """A wrong password sets no cookie; code and number go to the sign-in page, which keeps the address asked for."""
    answer = sign_in("wrong", onward="/count")
    assert answer.status == 303
    assert "set-cookie" not in answer.headers
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query == {"refused": ["not_signed_in"], "tries_left": ["4"], "next": ["/count"]}


def test_signing_in_again_ends_the_session_before(district: Store) -> None:
    """A browser holds one session: the old token is worth nothing after the next sign-in."""
    first = token_of(sign_in())
    second = token_of(sign_in(cookie=f"{COOKIE}={first}"))
    assert person_for(district, first) is None
    assert person_for(district, second) is not None


def test_sign_out_ends_the_session(district: Store) -> None:
    """Sign-out works by POST only and ends the session in the database."""
    token = token_of(sign_in())
    cookie = f"{COOKIE}={token}"
    call("GET", "/auth/logout", cookie=cookie)
    assert person_for(district, token) is not None
    answer = call("POST", "/auth/logout", cookie=cookie, origin="http://127.0.0.1:8501")
    assert answer.status == 303
    assert person_for(district, token) is None


@pytest.mark.parametrize("headers", [
    {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}, {"origin": "https://elsewhere.example"},
    {"origin": "null"}, {"origin": "http://127.0.0.1:9999"},
])  # fmt: skip
def test_other_sites_cannot_post(district: Store, headers: dict[str, str]) -> None:
    """A form on another site neither signs in nor out."""
    token = token_of(sign_in())
    body = urlencode({"login": LOGIN, "password": PASSWORD}).encode()
    assert call("POST", "/auth/login", body=body, **headers).status == 403
    assert call("POST", "/auth/logout", cookie=f"{COOKIE}={token}", **headers).status == 403
    assert person_for(district, token) is not None


@pytest.mark.parametrize("body", [b"x" * 9_000, b"&".join(b"a=1" for _ in range(50))])
def test_what_is_not_the_form_is_refused(district: Store, body: bytes) -> None:
    """A body too large, or with too many fields, is not read further."""
    assert call("POST", "/auth/login", body=body).status == 413


@given(st.one_of(st.text(), st.sampled_from([
    "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "javascript:alert(1)", "/%2f/evil",
    "\\\\evil.example", "/ok?x=//evil", " //evil.example", "/\x00", "http:/evil",
])))  # fmt: skip
def test_the_way_on_stays_here(address: str) -> None:
    """Whatever is asked for, a browser that follows stays on this server."""
    base = "http://127.0.0.1:8501/"
    onward = gate.own_path(address)
    assert onward.startswith("/")
    assert urlsplit(urljoin(base, onward.replace("\\", "/"))).netloc == "127.0.0.1:8501"
    assert onward.isprintable()


def test_own_addresses_are_kept() -> None:
    """The page and its filters survive the sign-in."""
    assert gate.own_path("/stock?find=QB&stock_page=3") == "/stock?find=QB&stock_page=3"


def test_health_names_the_node(district: Store) -> None:
    """Monitoring needs no sign-in and learns nothing but that server and database answer."""
    answer = call("GET", "/healthz")
    assert (answer.status, answer.body) == (200, b'{"status":"ok","node":"WS"}')


@pytest.fixture
def offered() -> Iterator[None]:
    """A kind of file for this test."""

    @offers("who")
    def who(work: Work, key: str, *, language: str, **query: str) -> File:
        return File(f"{key}-万盛.csv", CSV, f"{work.actor.login},{language},{query}".encode())

    yield
    downloads._offers.pop("who")


def test_files_need_a_sign_in(district: Store, offered: None) -> None:
    """A file is made for the person of the cookie, in the language of the browser, and kept by no cache."""
    assert call("GET", "/files/who/list").status == 401
    assert call("GET", "/files/who/list", cookie=f"{COOKIE}=stolen").status == 401
    cookie = f"{COOKIE}={token_of(sign_in())}; inventory_language=en"
    answer = call("GET", "/files/who/list?town=x", cookie=cookie)
    assert (answer.status, answer.body.decode()) == (200, f"{LOGIN},en,{{'town': 'x'}}")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''list-%E4%B8%87%E7%9B%9B.csv"
    assert answer.headers["cache-control"] == "private, no-store"
    assert call("GET", "/files/nothing/list", cookie=cookie).status == 404


def test_policy_allows_nothing_from_outside() -> None:
    """No source but this server, no eval; Streamlit's one inline script is allowed by its hash."""
    rules = dict(part.split(" ", 1) for part in policy().split("; "))
    assert "unsafe-eval'" not in rules["script-src"].replace("wasm-unsafe-eval'", "")
    assert "unsafe-inline" not in rules["script-src"]
    assert "'sha256-" in rules["script-src"]
    assert "http" not in policy()
    answer = call("GET", "/", accept="text/html")
    assert answer.headers["content-security-policy"] == policy()
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("path", "location"), [
    ("/nowhere", "/?missing=nowhere"), ("/stock/deep", "/?missing=stock/deep"), ("/board", "/"),
    ("/board?lang=en", "/?lang=en"), ("/%3Cscript%3E", "/?missing=%253Cscript%253E"),
])  # fmt: skip
def test_unknown_addresses_go_to_the_page_that_says_so(path: str, location: str) -> None:
    """A mistyped address is answered by a page of ours, not by Streamlit's English message."""
    answer = call("GET", path, accept="text/html")
    assert (answer.status, answer.headers["location"]) == (303, location)


@pytest.mark.parametrize("path", ["/", "/stock?find=x", "/_stcore/health", "/static/js/x.js", "/stock/_stcore/health"])
def test_known_addresses_pass(path: str) -> None:
    """Pages, Streamlit's own addresses and files pass untouched."""
    assert call("GET", path, accept="text/html").status == 200


def test_nearby_means_loopback_and_nobody_between() -> None:
    """Demo accounts are shown only where the server listens on loopback and no proxy hands the request on."""
    before = config.get_option("server.address")
    try:
        config.set_option("server.address", "127.0.0.1")
        assert served_nearby({"Host": "127.0.0.1"})
        assert not served_nearby({"X-Forwarded-For": "10.0.0.9"})
        config.set_option("server.address", "0.0.0.0")
        assert not served_nearby({"Host": "127.0.0.1"})
    finally:
        config.set_option("server.address", before)
    assert not is_loopback("")
    assert is_loopback("::1")


def test_health_of_a_database_without_a_district(
    database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before `init` the server answers that there is nothing yet, instead of failing."""
    monkeypatch.setenv("INVENTORY_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", database_url)
    answer = call("GET", "/healthz")
    close_stores()
    assert (answer.status, answer.body) == (503, b'{"status":"empty"}')
