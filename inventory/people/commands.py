"""Accounts, roles, passwords and settings: who may come in and what they may do.

Passwords never come here, only finished hashes, which are not written into the journal either; `people.accounts` makes
them before it opens the transaction. Nobody changes the own rights, the last security administrator stays, and who
audits does not administer.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from inventory.core.errors import NotFound, SameIdOtherFacts, StalePage, WrongState
from inventory.core.work import Work
from inventory.models import Account, Division, Organisation, RoleGrant, Setting, Site
from inventory.people import rules
from inventory.people.journal import Done, begin, finish
from inventory.people.queries import here
from inventory.people.rules import DISTRICT, At
from inventory.people.sessions import revoke_sessions
from inventory.people.settings import EVERYWHERE, check_value


def open_account(
    work: Work,
    *,
    id: UUID,
    login: str,
    name_zh: str,
    organisation_id: UUID,
    password_hash: str | None,
    name_en: str | None = None,
    phone: str | None = None,
    language: str | None = None,
    must_change_password: bool = True,
    demo: bool = False,
) -> Done:
    """Open an account; it can do nothing until it is granted a role.

    Parameters
    ----------
    login
        2 to 40 of a-z, 0-9, dot, underscore, hyphen; kept in lower case.
    password_hash
        Made by `people.passwords.hash_password`; None for an account that cannot sign in yet.

    Raises
    ------
    NotPermitted, BadLogin, LoginTaken, NotFound, DemoNotHere
    """
    login = login.strip().lower()
    asked = {
        "login": login,
        "name_zh": name_zh,
        "name_en": name_en,
        "organisation": organisation_id,
        "phone": phone,
        "language": language,
        "must_change_password": must_change_password,
        "demo": demo,
    }
    at = At(organisation_id=organisation_id)
    deed = begin(work, id=id, kind="open_account", asked=asked, at=at)
    if deed.done:
        return _same_password(work, deed.done, password_hash)
    if not rules.LOGIN_SHAPE.fullmatch(login):
        raise rules.BadLogin(login=login[:40])
    if demo and not here(work).demo:
        raise rules.DemoNotHere()
    if work.session.get(Organisation, organisation_id) is None:
        raise NotFound(kind="organisation", key=str(organisation_id))
    if work.connection.execute(select(Account.id).where(Account.login == login)).first():
        raise rules.LoginTaken(login=login)
    account_id = work.env.new_id()
    work.session.add(
        Account(
            id=account_id,
            login=login,
            name_zh=name_zh,
            name_en=name_en,
            organisation_id=organisation_id,
            phone=phone,
            password_hash=password_hash,
            must_change_password=must_change_password,
            language=language,
            demo=demo,
            changed_by_id=id,
        )
    )
    return finish(work, deed, outcome={"account": account_id, "login": login}, subject_id=account_id)


def grant_role(
    work: Work,
    *,
    id: UUID,
    account_id: UUID,
    role: str,
    organisation_id: UUID | None = None,
    division_id: UUID | None = None,
    site_id: UUID | None = None,
    until_at: dt.datetime | None = None,
) -> Done:
    """Give an account a role within one scope, by default the whole district, from now on.

    Raises
    ------
    NotPermitted, NotFound, WrongState, OwnAccount, TwoScopes, RolesConflict, RoleHeldAlready
    """
    scope: dict[str, UUID | None] = {
        "organisation_id": organisation_id,
        "division_id": division_id,
        "site_id": site_id,
    }
    asked = {"account": account_id, "role": role, **scope, "until_at": until_at}
    deed = begin(work, id=id, kind="grant_role", asked=asked, at=At(site_id, division_id, organisation_id))
    if deed.done:
        return deed.done
    if role not in rules.ROLES:
        raise NotFound(kind="role", key=role[:40])
    if sum(value is not None for value in scope.values()) > 1:
        raise rules.TwoScopes()
    for table, key in ((Organisation, organisation_id), (Division, division_id), (Site, site_id)):
        if key is not None and work.session.get(table, key) is None:
            raise NotFound(kind=table.__tablename__, key=str(key))
    _active_account(work, account_id)
    _not_own(work, account_id)
    held = _grants_now(work, account_id)
    conflict = rules.conflicting_role(role, [grant.role for grant in held])
    if conflict is not None:
        raise rules.RolesConflict(role=role, other_role=conflict)
    wanted = (role, organisation_id, division_id, site_id)
    if any((one.role, one.organisation_id, one.division_id, one.site_id) == wanted for one in held):
        raise rules.RoleHeldAlready(role=role)
    grant_id = work.env.new_id()
    work.session.add(
        RoleGrant(
            id=grant_id,
            account_id=account_id,
            role=role,
            **scope,
            from_at=work.now,
            until_at=until_at,
            changed_by_id=id,
        )
    )
    return finish(work, deed, outcome={"grant": grant_id}, subject_id=account_id)


def end_role(work: Work, *, id: UUID, grant_id: UUID) -> Done:
    """Take a role away, from now on; what was done with it stays done.

    Raises
    ------
    NotPermitted, NotFound, WrongState, OwnAccount, LastSecurityAdmin
    """
    grant = work.session.get(RoleGrant, grant_id)
    at = At(grant.site_id, grant.division_id, grant.organisation_id) if grant else DISTRICT
    deed = begin(work, id=id, kind="end_role", asked={"grant": grant_id}, at=at)
    if deed.done:
        return deed.done
    if grant is None:
        raise NotFound(kind="grant", key=str(grant_id))
    if grant.until_at is not None and grant.until_at <= work.now:
        raise WrongState(kind="grant", key=grant.role, state="closed", wanted="active")
    _not_own(work, grant.account_id)
    _keep_one_security_admin(work, without_grant=grant_id)
    grant.until_at, grant.changed_by_id = work.now, id
    return finish(work, deed, outcome={"account": grant.account_id}, subject_id=grant.account_id)


def close_account(work: Work, *, id: UUID, account_id: UUID) -> Done:
    """Close an account for good: its sessions and roles end now; its name stays on what it did.

    Raises
    ------
    NotPermitted, NotFound, WrongState, OwnAccount, LastSecurityAdmin
    """
    account = work.session.get(Account, account_id)
    at = At(organisation_id=account.organisation_id) if account else DISTRICT
    deed = begin(work, id=id, kind="close_account", asked={"account": account_id}, at=at)
    if deed.done:
        return deed.done
    account = _active_account(work, account_id)
    _not_own(work, account_id)
    _keep_one_security_admin(work, without_account=account_id)
    account.state, account.changed_by_id = "closed", id
    for grant in _grants_now(work, account_id):
        grant.until_at, grant.changed_by_id = work.now, id
    revoke_sessions(work, account_id)
    return finish(work, deed, outcome={"account": account_id}, subject_id=account_id)


def reset_password(work: Work, *, id: UUID, account_id: UUID, password_hash: str) -> Done:
    """Replace a forgotten password by a temporary one, to be changed at the next sign-in; sessions end.

    Raises
    ------
    NotPermitted, NotFound, WrongState, OwnAccount, DemoPasswordFixed
    """
    account = work.session.get(Account, account_id)
    at = At(organisation_id=account.organisation_id) if account else DISTRICT
    deed = begin(work, id=id, kind="reset_password", asked={"account": account_id}, at=at)
    if deed.done:
        return _same_password(work, deed.done, password_hash)
    account = _active_account(work, account_id)
    _not_own(work, account_id)
    if account.demo:
        raise rules.DemoPasswordFixed()
    account.password_hash, account.must_change_password, account.changed_by_id = (
        password_hash,
        True,
        id,
    )
    revoke_sessions(work, account_id)
    return finish(work, deed, outcome={"account": account_id}, subject_id=account_id)


def change_own_password(
    work: Work,
    *,
    id: UUID,
    password_hash: str,
    seen_hash: str | None,
    keep_session: bytes | None = None,
) -> Done:
    """Replace the own password; all other sessions of the account end.

    Parameters
    ----------
    seen_hash
        The hash against which the old password was proven; another one by now is refused.
    keep_session
        The `token_digest` of the session that goes on.

    Raises
    ------
    NotPermitted, NotFound, WrongState, StalePage, DemoPasswordFixed
    """
    deed = begin(work, id=id, kind="change_own_password", asked={}, at=At(own=True))
    if deed.done:
        return _same_password(work, deed.done, password_hash)
    if work.actor.account_id is None:
        raise NotFound(kind="account", key=work.actor.login)
    account = _active_account(work, work.actor.account_id)
    if account.demo:
        raise rules.DemoPasswordFixed()
    if account.password_hash != seen_hash:
        raise StalePage(kind="account", key=account.login)
    account.password_hash, account.must_change_password, account.changed_by_id = (
        password_hash,
        False,
        id,
    )
    revoke_sessions(work, account.id, keep=keep_session)
    return finish(work, deed, outcome={"account": account.id}, subject_id=account.id)


def change_setting(
    work: Work,
    *,
    id: UUID,
    key: str,
    value: str,
    scope_id: UUID | None = None,
    source: str = "",
    seen: UUID | None = None,
) -> Done:
    """Change a figure of the district, everywhere or for one site or organisation.

    Parameters
    ----------
    seen
        The entry that the page saw as the last change, None when it saw the default.

    Raises
    ------
    NotPermitted, NotFound, BadSetting, StalePage
    """
    asked = {"key": key, "value": value, "scope": scope_id, "source": source, "seen": seen}
    deed = begin(work, id=id, kind="change_setting", asked=asked, at=_scope(work, scope_id))
    if deed.done:
        return deed.done
    figure = check_value(key, value)
    row = work.session.get(Setting, (key, scope_id or EVERYWHERE))
    if (row.changed_by_id if row else None) != seen:
        raise StalePage(kind="setting", key=key)
    before = row.value if row else figure.default
    facts: dict[str, Any] = {
        "value": value,
        "source": source or "own",
        "confidence": "own",
        "changed_by_id": id,
    }
    if row is None:
        work.session.add(Setting(key=key, scope_id=scope_id or EVERYWHERE, unit=figure.unit, **facts))
    else:
        for name, fact in facts.items():
            setattr(row, name, fact)
    return finish(work, deed, outcome={"key": key, "before": before, "after": value}, subject_id=scope_id)


def _same_password(work: Work, done: Done, password_hash: str | None) -> Done:
    """Answer a resend, unless it carries another password than the one that was set.

    The journal holds nothing of passwords, so the account itself is asked; the hash is the same for the same password
    and entry, because its salt is made from the entry's id.
    """
    account = work.session.get(Account, UUID(done.outcome["account"]))
    if account is None or account.password_hash != password_hash:
        raise SameIdOtherFacts(id=done.id, kind="account")
    return done


def _scope(work: Work, scope_id: UUID | None) -> At:
    if scope_id is None:
        return DISTRICT
    if work.session.get(Site, scope_id) is not None:
        return At(site_id=scope_id)
    if work.session.get(Organisation, scope_id) is not None:
        return At(organisation_id=scope_id)
    return DISTRICT


def _active_account(work: Work, account_id: UUID) -> Account:
    account = work.session.get(Account, account_id, with_for_update=work.on_postgresql or None)
    if account is None:
        raise NotFound(kind="account", key=str(account_id))
    if account.state != "active":
        raise WrongState(kind="account", key=account.login, state=account.state, wanted="active")
    return account


def _not_own(work: Work, account_id: UUID) -> None:
    if work.actor.account_id == account_id:
        raise rules.OwnAccount()


def _grants_now(work: Work, account_id: UUID) -> list[RoleGrant]:
    """Return the grants that hold now or later."""
    query = select(RoleGrant).where(
        RoleGrant.account_id == account_id,
        or_(RoleGrant.until_at.is_(None), RoleGrant.until_at > work.now),
    )
    return list(work.session.scalars(query))


def _keep_one_security_admin(
    work: Work, *, without_grant: UUID | None = None, without_account: UUID | None = None
) -> None:
    """Refuse to take away the last open-ended, district-wide security administrator.

    The rows are locked in order, so that two who end each other's role at the same moment do not both succeed.
    """
    query = (
        select(RoleGrant.id, RoleGrant.account_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.role == "security_admin",
            RoleGrant.until_at.is_(None),
            RoleGrant.organisation_id.is_(None),
            RoleGrant.division_id.is_(None),
            RoleGrant.site_id.is_(None),
            Account.state == "active",
        )
        .order_by(RoleGrant.id)
    )
    rows = work.connection.execute(query.with_for_update() if work.on_postgresql else query).all()
    left = [row for row in rows if row.id != without_grant and row.account_id != without_account]
    if rows and not left:
        raise rules.LastSecurityAdmin()
