"""Signing in: sessions, their ends, and delays that never lock anybody out. The clock is turned, nothing sleeps."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from sqlalchemy import func, select, update

from inventory.core.env import Env
from inventory.core.work import SYSTEM, Actor, Store
from inventory.models import AccessLog, Account, LoginSession, Node
from inventory.people import passwords
from inventory.people.accounts import change_password
from inventory.people.commands import close_account
from inventory.people.sessions import revoke_sessions
from inventory.people.signing_in import (
    DELAY_SECONDS,
    DELAY_SECONDS_MAX,
    FAILURES_FREE,
    DemoNotHere,
    NotSignedIn,
    SignedIn,
    WaitBeforeSigningIn,
    delay_seconds,
    demo_accounts,
    note_refusal,
    person_for,
    sign_in,
    sign_out,
)
from tests.people.conftest import PASSWORD, Cast


def enter(store: Store, login: str = "clerk", password: str = PASSWORD, address: str = "10.0.0.1") -> SignedIn:
    """Sign in."""
    return sign_in(store, login=login, password=password, address=address)


def fail(store: Store, times: int, *, login: str = "clerk", address: str = "10.0.0.1") -> list[int]:
    """Try wrong passwords and return the tries said to be left."""
    left = []
    for _ in range(times):
        with pytest.raises(NotSignedIn) as refused:
            enter(store, login, "wrong", address)
        left.append(refused.value.tries_left)
    return left


def travel(env: Env, **by: float) -> None:
    """Turn the clock forward."""
    env.now.instant += dt.timedelta(**by)


def log_of(store: Store) -> list[tuple[str, str, str]]:
    """Return login, action and outcome of the access log, in order."""
    with store.reading(SYSTEM) as work:
        query = select(AccessLog.login, AccessLog.action, AccessLog.outcome).order_by(AccessLog.at, AccessLog.id)
        return [tuple(row) for row in work.connection.execute(query)]


def test_a_person_signs_in_and_out(store: Store, cast: Cast) -> None:
    """The token leads to the person with roles and names; after signing out it leads nowhere."""
    signed = enter(store, " CLERK ")
    person = person_for(store, signed.token)
    assert person is not None
    assert (person.login, person.organisation.en, person.must_change_password) == (
        "clerk",
        "Wansheng",
        False,
    )
    assert [(held.role, held.scope) for held in person.roles] == [("clerk", None)]
    assert person.actor() == cast.clerk
    with store.reading(SYSTEM) as work:
        kept = work.connection.execute(select(LoginSession.token_sha256)).scalar_one()
    assert signed.token.encode() not in kept
    assert len(signed.token) >= 43
    sign_out(store, signed.token)
    assert person_for(store, signed.token) is None
    assert log_of(store) == [("clerk", "sign_in", "ok"), ("clerk", "sign_out", "ok")]


@pytest.mark.parametrize("token", [None, "", "made up", "\u8c03" * 50])
def test_a_made_up_token_leads_nowhere(store: Store, token: str | None) -> None:
    """Whatever the cookie holds, it is only looked up."""
    assert person_for(store, token) is None


def test_failures_make_a_growing_delay(store: Store, env: Env) -> None:
    """Five failures are answered at once, then each one costs twice the wait of the one before."""
    assert fail(store, FAILURES_FREE) == [4, 3, 2, 1, 0]
    for further in range(3):
        with pytest.raises(WaitBeforeSigningIn) as waiting:
            enter(store)
        wanted = DELAY_SECONDS * 2**further
        assert wanted - 5 <= waiting.value.seconds <= wanted
        travel(env, seconds=waiting.value.seconds)
        fail(store, 1)
    travel(env, seconds=DELAY_SECONDS_MAX)
    assert enter(store).token


def test_success_forgets_the_failures(store: Store) -> None:
    """After a right password the count starts anew."""
    fail(store, FAILURES_FREE - 1)
    enter(store)
    assert fail(store, 2) == [4, 3]


def test_failures_are_forgotten_after_a_quarter_of_an_hour(store: Store, env: Env) -> None:
    """No delay outlives the window, so there is no lock for good."""
    fail(store, FAILURES_FREE)
    travel(env, minutes=15)
    assert enter(store).token


def test_nobody_can_lock_the_duty_officer_out(store: Store) -> None:
    """Guessing from one computer does not touch the same login at another, nor another login at the same."""
    fail(store, FAILURES_FREE, address="10.6.6.6")
    with pytest.raises(WaitBeforeSigningIn):
        enter(store, address="10.6.6.6")
    assert enter(store, address="10.0.0.2").token
    assert enter(store, "manager", address="10.6.6.6").token


def test_an_unknown_login_is_answered_like_a_known_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Same refusals, same number of hashes, and what was typed does not stand in the log."""
    work_done: list[str] = []
    real = passwords.verify_password
    monkeypatch.setattr(
        passwords,
        "verify_password",
        lambda known, text: (work_done.append(known or "nobody"), real(known, text))[1],
    )
    assert fail(store, FAILURES_FREE, login="My-Secret-Passw0rd") == fail(store, FAILURES_FREE, login="clerk")
    assert len(work_done) == 2 * FAILURES_FREE
    for login in ("my-secret-passw0rd", "clerk"):
        with pytest.raises(WaitBeforeSigningIn):
            enter(store, login)
    assert not any("secret" in login for login, _, _ in log_of(store))


def test_nobodys_hash_costs_what_a_real_one_costs() -> None:
    """The stand-in hash of unknown logins has today's parameters, or timing would tell who exists."""
    assert not passwords.outdated(passwords._NOBODY)
    assert not passwords.verify_password(None, "nobody")


@pytest.mark.parametrize("failures", range(30))
def test_delays_grow_to_a_limit(failures: int) -> None:
    """No number of failures gives a longer delay than the limit, which is shorter than the window."""
    assert delay_seconds(failures) <= delay_seconds(failures + 1) <= DELAY_SECONDS_MAX < 15 * 60


def test_guesses_sent_together_do_not_slip_through(store: Store) -> None:
    """Twenty wrong passwords at the same moment are not twenty hashes: the delay begins among them."""
    answers: list[str] = []

    def guess() -> None:
        try:
            enter(store, password="wrong")
        except (NotSignedIn, WaitBeforeSigningIn) as refusal:
            answers.append(refusal.code)

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 20
    assert FAILURES_FREE <= answers.count("not_signed_in") <= FAILURES_FREE + 1


def test_a_session_ends_after_idleness_and_lives_while_it_is_used(store: Store, env: Env) -> None:
    """Twelve hours without use end it; use moves that limit on."""
    token = enter(store).token
    travel(env, hours=11)
    assert person_for(store, token) is not None
    travel(env, hours=11)
    assert person_for(store, token) is not None
    idle = enter(store).token
    travel(env, hours=12)
    assert person_for(store, idle) is None


def test_a_session_ends_after_a_day_whatever_happens(store: Store, env: Env) -> None:
    """The absolute limit is not moved by use."""
    token = enter(store).token
    for _ in range(7):
        assert person_for(store, token) is not None
        travel(env, hours=3.9)
    assert person_for(store, token) is None


def test_looking_a_person_up_seldom_writes(store: Store, env: Env) -> None:
    """`seen_at` is written once a minute at most."""
    token = enter(store).token

    def seen() -> dt.datetime:
        with store.reading(SYSTEM) as work:
            return work.connection.execute(select(LoginSession.seen_at)).scalar_one()

    first = seen()
    for _ in range(5):
        person_for(store, token)
    assert seen() == first
    travel(env, minutes=1)
    person_for(store, token)
    assert seen() > first


def test_sessions_are_revoked_at_once(store: Store, cast: Cast, env: Env) -> None:
    """An administrator ends the sessions of an account; closing the account does it too."""
    token = enter(store).token
    assert store.write(SYSTEM, lambda work: revoke_sessions(work, cast.id_of("clerk"))) == 1
    assert person_for(store, token) is None
    token = enter(store).token
    clerk = cast.id_of("clerk")
    store.write(cast.admin, lambda work: close_account(work, id=env.new_id(), account_id=clerk))
    assert person_for(store, token) is None
    with pytest.raises(NotSignedIn):
        enter(store)


def test_one_session_at_a_time_where_the_setting_says_so(store: Store, cast: Cast, env: Env) -> None:
    """With the setting on, signing in ends the earlier session."""
    from inventory.people.commands import change_setting

    first = enter(store).token
    store.write(
        cast.manager,
        lambda work: change_setting(work, id=env.new_id(), key="one_session", value="yes"),
    )
    second = enter(store).token
    assert person_for(store, first) is None
    assert person_for(store, second) is not None


def test_changing_the_password_ends_the_other_sessions(store: Store, cast: Cast, env: Env) -> None:
    """The session at hand goes on, the others end, and only the new password signs in."""
    here, elsewhere = enter(store).token, enter(store).token
    facts = {"id": env.new_id(), "old": PASSWORD, "new": "Another-horse-8", "token": here}
    done = change_password(store, cast.clerk, **facts)
    assert not done.again
    assert person_for(store, here) is not None
    assert person_for(store, elsewhere) is None
    fail(store, 1)
    with pytest.raises(NotSignedIn):
        enter(store, password=PASSWORD)
    assert enter(store, password="Another-horse-8").token


def test_guessing_the_old_password_counts_as_failing_to_sign_in(store: Store, cast: Cast, env: Env) -> None:
    """A screen left open is no place to guess the password of its owner."""
    for _ in range(FAILURES_FREE):
        with pytest.raises(NotSignedIn):
            change_password(store, cast.clerk, id=env.new_id(), old="wrong", new="Another-horse-8", address="a")
    with pytest.raises(WaitBeforeSigningIn):
        change_password(store, cast.clerk, id=env.new_id(), old=PASSWORD, new="Another-horse-8", address="a")


def make_demo(store: Store, *, node: bool) -> None:
    """Turn the clerk into a demo account, perhaps in a demo node."""

    def job(work: object) -> None:
        work.connection.execute(
            update(Account)
            .where(Account.login == "clerk")
            .values(demo=True, password_hash=passwords.demo_password_hash())
        )
        work.connection.execute(update(Node).values(demo=node))

    store.write(SYSTEM, job)


def test_demo_accounts_work_only_in_a_demo_district_on_this_machine(store: Store) -> None:
    """Their password is public: a wrong node or an open address refuses them, and ends sessions they had."""
    make_demo(store, node=True)
    (shown,) = demo_accounts(store)
    assert (shown.login, shown.role) == ("clerk", "clerk")
    facts = {"login": shown.login, "password": shown.password, "address": "127.0.0.1"}
    token = sign_in(store, **facts, loopback=True).token
    assert person_for(store, token, loopback=True) is not None
    assert person_for(store, token, loopback=False) is None
    with pytest.raises(DemoNotHere):
        sign_in(store, **facts, loopback=False)
    make_demo(store, node=False)
    assert demo_accounts(store) == []
    with pytest.raises(DemoNotHere):
        sign_in(store, **facts, loopback=True)
    assert person_for(store, token, loopback=True) is None


def test_refused_actions_stand_in_the_access_log(store: Store, cast: Cast) -> None:
    """Who tried what and why not; an actor without an account is noted too."""
    note_refusal(store, cast.clerk, action="approve_plan", code="not_permitted", address="10.0.0.1")
    note_refusal(store, Actor(None, "nobody", "api"), action="see_people", code="not_permitted")
    assert log_of(store) == [
        ("clerk", "approve_plan", "not_permitted"),
        ("nobody", "see_people", "not_permitted"),
    ]
    with store.reading(SYSTEM) as work:
        assert work.connection.execute(select(func.count(AccessLog.id))).scalar_one() == 2
