"""Accounts and roles: nobody raises himself, who audits does not administer, and somebody can always give rights."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from inventory.core.env import Env
from inventory.core.errors import NotFound, Refusal, SameIdOtherFacts, StalePage, WrongState
from inventory.core.work import SYSTEM, Actor, Store, Work
from inventory.models import Account, Journal, Organisation
from inventory.people import rules
from inventory.people.accounts import actor_of, change_password, issue_account, issue_password
from inventory.people.commands import (
    change_own_password,
    change_setting,
    close_account,
    end_role,
    grant_role,
    open_account,
)
from inventory.people.journal import Done
from inventory.people.passwords import WeakPassword, check_password, temporary_password
from inventory.people.queries import held_roles, people
from inventory.people.settings import number_setting, setting, settings
from inventory.people.signing_in import NotSignedIn, person_for, sign_in
from tests.people.conftest import PASSWORD, Cast


def organisation(store: Store) -> UUID:
    """Return the one organisation."""
    with store.reading(SYSTEM) as work:
        return work.connection.execute(select(Organisation.id)).scalar_one()


def do(store: Store, actor: Actor, command: Callable[..., Done], **facts: Any) -> Done:
    """Give a command under a fresh id."""
    facts.setdefault("id", uuid4())
    return store.write(actor, lambda work: command(work, **facts))


def grant_of(store: Store, cast: Cast, login: str, role: str) -> UUID:
    """Return the grant by which somebody holds a role."""
    with store.reading(SYSTEM) as work:
        held = held_roles(work)[cast.id_of(login)]
    return next(one.grant_id for one in held if one.role == role)


def test_an_account_is_issued_with_a_password_to_change(store: Store, cast: Cast) -> None:
    """The temporary password signs in once it is known, asks for another, and is not in the journal."""
    issued = issue_account(
        store,
        cast.admin,
        id=uuid4(),
        login="New.Clerk",
        name_zh="新",
        organisation_id=organisation(store),
    )
    signed = sign_in(store, login="new.clerk", password=issued.password, address="a")
    assert signed.must_change_password
    person = person_for(store, signed.token)
    assert person is not None
    assert person.roles == ()
    facts = {"old": issued.password, "new": "My-own-word-1", "token": signed.token}
    with pytest.raises(rules.NotPermitted):  # Without any role nothing is allowed, not even that.
        change_password(store, person.actor(), id=uuid4(), **facts)
    with store.reading(SYSTEM) as work:
        written = b"".join(work.connection.execute(select(Journal.facts)).scalars())
    assert issued.password.encode() not in written
    assert b"argon2" not in written


def test_a_resent_account_form_is_the_same_account(store: Store, cast: Cast) -> None:
    """Same id and password: done already. Same id and another password: refused, for the first one holds."""
    facts = {
        "id": uuid4(),
        "login": "twice",
        "name_zh": "二",
        "organisation_id": organisation(store),
    }
    first = issue_account(store, cast.admin, password="Given-once-1", **facts)
    second = issue_account(store, cast.admin, password="Given-once-1", **facts)
    assert (first.done.again, second.done.again) == (False, True)
    assert first.done.outcome == second.done.outcome
    with pytest.raises(SameIdOtherFacts):
        issue_account(store, cast.admin, password="Given-once-2", **facts)


@pytest.mark.parametrize("login", ["", "a", "带中文", "with space", "UPPER!", "x" * 41, "-dash", "a'b", "a\nb"])
def test_bad_logins(store: Store, cast: Cast, login: str) -> None:
    """Logins that not every keyboard types are refused."""
    facts = {
        "login": login,
        "name_zh": "x",
        "organisation_id": organisation(store),
        "password_hash": None,
    }
    with pytest.raises(rules.BadLogin):
        do(store, cast.admin, open_account, **facts)


def test_a_login_is_given_out_once(store: Store, cast: Cast) -> None:
    """Also after its account was closed: the journal's names must stay unmistakable."""
    facts = {"name_zh": "x", "organisation_id": organisation(store), "password_hash": None}
    with pytest.raises(rules.LoginTaken):
        do(store, cast.admin, open_account, login="Clerk", **facts)
    do(store, cast.admin, close_account, account_id=cast.id_of("clerk"))
    with pytest.raises(rules.LoginTaken):
        do(store, cast.admin, open_account, login="clerk", **facts)
    with pytest.raises(rules.DemoNotHere):
        do(store, cast.admin, open_account, login="demo", demo=True, **facts)


REFUSED_GRANTS: dict[str, tuple[str, dict[str, Any], type[Refusal]]] = {
    "to oneself": ("admin", {"role": "manager"}, rules.OwnAccount),
    "an auditor administers": ("auditor", {"role": "security_admin"}, rules.RolesConflict),
    "an auditor administers the system": ("auditor", {"role": "system_admin"}, rules.RolesConflict),
    "an administrator audits": ("second", {"role": "auditor"}, rules.RolesConflict),
    "held already": ("clerk", {"role": "clerk"}, rules.RoleHeldAlready),
    "no such role": ("clerk", {"role": "king"}, NotFound),
    "no such site": ("clerk", {"role": "clerk", "site_id": UUID(int=1)}, NotFound),
    "two scopes": (
        "clerk",
        {"role": "keeper", "site_id": UUID(int=1), "division_id": UUID(int=2)},
        rules.TwoScopes,
    ),
}


@pytest.mark.parametrize("case", REFUSED_GRANTS)
def test_roles_that_are_not_given(store: Store, cast: Cast, case: str) -> None:
    """Each of these is refused and changes nothing."""
    login, facts, refusal = REFUSED_GRANTS[case]
    with store.reading(SYSTEM) as work:
        before = held_roles(work)
    with pytest.raises(refusal):
        do(store, cast.admin, grant_role, account_id=cast.id_of(login), **facts)
    with store.reading(SYSTEM) as work:
        assert held_roles(work) == before


def test_a_role_ends(store: Store, cast: Cast) -> None:
    """It is gone at once, ends once only, and nobody ends the own one."""
    grant = grant_of(store, cast, "clerk", "clerk")
    do(store, cast.admin, end_role, grant_id=grant)
    with store.reading(SYSTEM) as work:
        assert cast.id_of("clerk") not in held_roles(work)
    with pytest.raises(WrongState):
        do(store, cast.admin, end_role, grant_id=grant)
    with pytest.raises(rules.OwnAccount):
        do(store, cast.admin, end_role, grant_id=grant_of(store, cast, "admin", "security_admin"))
    with pytest.raises(NotFound):
        do(store, cast.admin, end_role, grant_id=uuid4())


def test_a_role_for_some_time(store: Store, cast: Cast, env: Env) -> None:
    """A grant with an end stops by itself."""
    until = env.now.instant + dt.timedelta(days=2)
    do(store, cast.admin, grant_role, account_id=cast.id_of("clerk"), role="keeper", until_at=until)

    def roles() -> set[str]:
        with store.reading(SYSTEM) as work:
            return {held.role for held in held_roles(work)[cast.id_of("clerk")]}

    assert roles() == {"clerk", "keeper"}
    env.now.instant = until
    assert roles() == {"clerk"}


def test_the_last_security_administrator_stays(store: Store, cast: Cast) -> None:
    """One of two may go, by closing or by ending the role; then the other one may not."""
    do(store, cast.second, close_account, account_id=cast.id_of("admin"))
    stands_in = cast.id_of("clerk")
    do(
        store,
        cast.second,
        grant_role,
        account_id=stands_in,
        role="security_admin",
        organisation_id=organisation(store),
    )
    with pytest.raises(rules.LastSecurityAdmin):
        do(store, SYSTEM, close_account, account_id=cast.id_of("second"))
    with pytest.raises(rules.LastSecurityAdmin):
        do(store, SYSTEM, end_role, grant_id=grant_of(store, cast, "second", "security_admin"))


def test_two_administrators_who_dismiss_each_other(store: Store, cast: Cast) -> None:
    """At the same moment: one of them succeeds, the other is refused, and one is left."""
    barrier, answers = threading.Barrier(2), []
    pairs = [(cast.admin, cast.id_of("second")), (cast.second, cast.id_of("admin"))]

    def dismiss(actor: Actor, account_id: UUID) -> None:
        barrier.wait()
        try:
            answers.append(do(store, actor, close_account, account_id=account_id))
        except Refusal as refusal:
            answers.append(refusal)

    threads = [threading.Thread(target=dismiss, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, Done) for answer in answers) == 1
    with store.reading(SYSTEM) as work:
        states = work.connection.execute(select(Account.state).where(Account.login.in_(("admin", "second")))).scalars()
        assert sorted(states) == ["active", "closed"]


def test_a_forgotten_password_is_replaced(store: Store, cast: Cast) -> None:
    """The temporary one works, the forgotten one does not, open sessions end; nobody resets the own one."""
    open_session = sign_in(store, login="clerk", password=PASSWORD, address="a").token
    issued = issue_password(store, cast.admin, id=uuid4(), account_id=cast.id_of("clerk"))
    assert person_for(store, open_session) is None
    with pytest.raises(NotSignedIn):
        sign_in(store, login="clerk", password=PASSWORD, address="b")
    assert sign_in(store, login="clerk", password=issued.password, address="b").must_change_password
    with pytest.raises(rules.OwnAccount):
        issue_password(store, cast.admin, id=uuid4(), account_id=cast.id_of("admin"))


def test_a_password_that_changed_meanwhile(store: Store, cast: Cast) -> None:
    """Two pages that change the own password: the second proved an old one that no longer holds."""
    with pytest.raises(StalePage):
        do(
            store,
            cast.clerk,
            change_own_password,
            password_hash="x",
            seen_hash="what it was before",
        )


@pytest.mark.parametrize(
    ("password", "policy", "problems"),
    [
        ("Good-enough-1", "complex", ()),
        ("\u5b89\u5168\u7b2c\u4e00A1b", "complex", ("too_short",)),
        ("alllowercase", "complex", ("too_plain",)),
        ("alllowercase", "length", ()),
        ("Aa1-", "complex", ("too_short",)),
        ("Aa1-" * 40, "complex", ("too_long",)),
        ("Admin@123", "complex", ("too_common",)),
        ("Clerk-2026-x", "complex", ("holds_login",)),
        ("clerk", "complex", ("too_short", "too_plain", "holds_login")),
        ("", "length", ("too_short",)),
    ],
)
def test_the_rule_for_passwords(password: str, policy: str, problems: tuple[str, ...]) -> None:
    """Everything that is wrong is said at once."""
    try:
        check_password(password, login="clerk", policy=policy)
        found: tuple[str, ...] = ()
    except WeakPassword as weak:
        found = weak.problems
    assert found == problems


def test_temporary_passwords_meet_the_rule(env: Env) -> None:
    """They are accepted by the strictest rule, differ, and hold no sign that is misread."""
    made = {temporary_password(env) for _ in range(200)}
    assert len(made) == 200
    for password in made:
        check_password(password, login="clerk", old="x")
        assert not set(password) & set("0O1lIo")


def test_the_list_of_people(store: Store, cast: Cast) -> None:
    """Who may see it sees roles and last use; closed accounts on demand; a clerk is refused."""
    sign_in(store, login="clerk", password=PASSWORD, address="a")
    with store.reading(cast.auditor) as work:
        listed = {one.login: one for one in people(work)}
        assert [one.login for one in people(work, search="CLE")] == ["clerk"]
        assert people(work, search="%") == []
    assert set(listed) == {"admin", "second", "clerk", "auditor", "manager"}
    assert {held.role for held in listed["admin"].roles} == {"system_admin", "security_admin"}
    assert listed["clerk"].seen_at is not None
    assert listed["auditor"].seen_at is None
    do(store, cast.admin, close_account, account_id=cast.id_of("clerk"))
    with store.reading(cast.auditor) as work:
        assert "clerk" not in {one.login for one in people(work)}
        assert "clerk" in {one.login for one in people(work, closed=True)}
    with store.reading(cast.clerk) as work, pytest.raises(rules.NotPermitted):
        people(work)


@pytest.mark.parametrize("value", ["", "0", "73", "-1", "1.5", "twelve", "\u0661\u0662", "1_0"])
def test_settings_out_of_range(store: Store, cast: Cast, value: str) -> None:
    """A figure that the program could not use is refused with the range."""
    with pytest.raises(rules.BadSetting) as refused:
        do(store, cast.manager, change_setting, key="session_idle_hours", value=value)
    assert refused.value.allowed == "1 - 72"


def test_settings_by_scope(store: Store, cast: Cast) -> None:
    """The organisation's own figure comes before that of everywhere, and that before the default."""
    unit = organisation(store)

    def figures() -> tuple[int, int]:
        with store.reading(SYSTEM) as work:
            return number_setting(work, "session_hours"), number_setting(work, "session_hours", unit)

    assert figures() == (24, 24)
    do(store, cast.manager, change_setting, key="session_hours", value="20", source="order 3")
    assert figures() == (20, 20)
    do(store, cast.manager, change_setting, key="session_hours", value="8", scope_id=unit)
    assert figures() == (20, 8)
    with store.reading(SYSTEM) as work:
        row = next(row for row in settings(work) if row.key == "session_hours")
        assert (row.value, row.source, row.confidence) == ("20", "order 3", "own")
        assert setting(work, "password_policy") == "complex"
    with pytest.raises(NotFound):
        do(store, cast.manager, change_setting, key="no_such_key", value="1")
    with pytest.raises(StalePage):
        do(store, cast.manager, change_setting, key="session_hours", value="9")


def test_an_actor_for_the_command_line(store: Store, cast: Cast) -> None:
    """`--as LOGIN` finds an active account or says that there is none."""
    assert actor_of(store, " Clerk", via="cli") == Actor(cast.id_of("clerk"), "clerk", "cli")
    do(store, cast.admin, close_account, account_id=cast.id_of("clerk"))
    with pytest.raises(NotFound):
        actor_of(store, "clerk", via="cli")


def test_work_is_refused_to_who_has_no_role(store: Store, cast: Cast) -> None:
    """Every command of this room is closed to a clerk, and to a person without an account."""

    def ways() -> list[Callable[[Work], Any]]:
        own = cast.id_of("second")
        return [
            lambda work: open_account(
                work,
                id=uuid4(),
                login="x2",
                name_zh="x",
                organisation_id=uuid4(),
                password_hash=None,
            ),
            lambda work: grant_role(work, id=uuid4(), account_id=own, role="clerk"),
            lambda work: end_role(work, id=uuid4(), grant_id=uuid4()),
            lambda work: close_account(work, id=uuid4(), account_id=own),
            lambda work: change_setting(work, id=uuid4(), key="one_session", value="yes"),
        ]

    for actor in (cast.clerk, Actor(uuid4(), "ghost"), Actor(None, "nobody", "api")):
        for way in ways():
            with pytest.raises(rules.NotPermitted):
                store.write(actor, way)
