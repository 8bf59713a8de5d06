"""Who may do what: roles, scopes, and the one table of commands. Pure.

A grant gives a role within a scope: the whole district, a division (a town with its villages), an organisation with
what stands below it, or one site. A command names where it acts; it is allowed when some grant's role is in its row of
`PERMISSIONS` and the grant's scope covers that place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from inventory.core.errors import Refusal

ROLES: tuple[str, ...] = (
    "requester",
    "clerk",
    "keeper",
    "duty",
    "commander",
    "team_leader",
    "comms",
    "manager",
    "auditor",
    "system_admin",
    "security_admin",
    "api",
)

_STORE = frozenset({"clerk", "keeper", "manager"})
_COMMAND = frozenset({"duty", "commander"})
_ADMIN = frozenset({"system_admin"})
_SECURITY = frozenset({"security_admin"})

PERMISSIONS: dict[str, frozenset[str]] = {
    # people
    "open_account": _SECURITY,
    "grant_role": _SECURITY,
    "end_role": _SECURITY,
    "close_account": _SECURITY,
    "reset_password": _SECURITY,
    "change_own_password": frozenset(ROLES),
    "change_setting": _ADMIN | {"manager"},
    "trust_key": _SECURITY,
    "forget_key": _SECURITY,
    # catalogue and places
    "import_items": _ADMIN | {"manager"},
    "save_item": _ADMIN | {"manager"},
    "save_norm": _ADMIN | {"manager"},
    "import_norms": _ADMIN | {"manager"},
    "save_target": frozenset({"manager"}),
    "import_targets": frozenset({"manager"}),
    "save_organisation": _ADMIN | {"manager"},
    "import_organisations": _ADMIN | {"manager"},
    "save_division": _ADMIN,
    "import_divisions": _ADMIN,
    "save_site": _ADMIN | {"manager"},
    "import_sites": _ADMIN | {"manager"},
    "open_bin": _STORE,
    "import_bins": _STORE,
    "save_travel": _ADMIN | {"duty"},
    "import_travel": _ADMIN | {"duty"},
    # ledger
    "receive_goods": _STORE,
    "import_stock": _STORE,
    "import_devices": _ADMIN | {"manager", "comms"},
    "move_stock": _STORE,
    "block_lot": frozenset({"keeper", "manager"}),
    "release_lot": frozenset({"keeper", "manager"}),
    "reverse_entry": frozenset({"keeper", "manager"}),
    "write_off": frozenset({"manager"}),
    "scrap_stock": frozenset({"manager"}),
    # teams
    "import_teams": _ADMIN | {"manager", "team_leader"},
    "import_vehicles": _ADMIN | {"manager"},
    # stocktaking
    "open_count": _STORE,
    "read_count": _STORE,
    "submit_count": _STORE,
    "add_found": _STORE,
    "recount_line": _STORE,
    "order_recount": frozenset({"keeper", "manager"}),
    "approve_count": frozenset({"keeper", "manager"}),
    "post_count": frozenset({"keeper", "manager"}),
    "cancel_count": frozenset({"keeper", "manager"}),
    # incidents
    "open_incident": _COMMAND,
    "change_incident": _COMMAND,
    "close_incident": frozenset({"commander"}),
    "submit_request": _COMMAND | {"requester"},
    "resubmit_request": _COMMAND | {"requester"},
    "return_request": _COMMAND,
    "cancel_request": _COMMAND | {"requester"},
    # dispatch
    "propose_plans": _COMMAND,
    "approve_plan": frozenset({"commander"}),
    "reject_plan": frozenset({"commander"}),
    "acknowledge_order": _STORE,
    "decline_order": frozenset({"keeper", "manager"}),
    "cancel_order": frozenset({"commander"}),
    "pick_order": _STORE,
    "check_order": _STORE,
    "ship_order": _STORE,
    "receive_shipment": _STORE | {"requester", "duty", "team_leader"},
    "take_paper": _STORE | {"requester", "duty", "team_leader"},
    "resolve_discrepancy": frozenset({"manager"}),
    "close_short": frozenset({"commander"}),
    "issue_paper": _STORE | _COMMAND | {"auditor", "requester", "team_leader"},
    "use_goods": _STORE | {"requester", "duty", "team_leader"},
    "return_goods": _STORE | {"requester", "duty", "team_leader"},
}
"""Command -> the roles that may give it. A command that is not here cannot be given by a person."""

SYSTEM_COMMANDS: frozenset[str] = frozenset({"found_district", "load_starter", "load_demo", "expire_holds"})
"""What the program itself does: at set-up and by the clock."""

READS: dict[str, frozenset[str]] = {
    "see_stock": frozenset(ROLES),
    "see_ledger": _STORE | _COMMAND | {"auditor"} | _ADMIN,
    "see_people": _SECURITY | {"auditor"},
    "see_checks": frozenset({"auditor", "manager"}) | _ADMIN,
    "make_backup": _ADMIN,
    "see_orders": frozenset(ROLES),
    "verify_paper": frozenset(ROLES),
    "see_incidents": frozenset(ROLES),
    "see_count_review": frozenset({"keeper", "manager", "commander", "auditor"}),
    "see_plans": _COMMAND | {"auditor", "manager"},
}
"""Screens and exports that not everybody may open."""


@dataclass(frozen=True)
class At:
    """Where a command acts. All empty: the district as a whole, which only a district-wide grant covers."""

    site_id: UUID | None = None
    division_id: UUID | None = None
    organisation_id: UUID | None = None
    own: bool = False
    """The command concerns only the person who gives it (a password); any grant covers it."""


DISTRICT = At()


@dataclass(frozen=True)
class Grant:
    """A role within a scope; no scope is the whole district."""

    role: str
    organisation_id: UUID | None = None
    division_id: UUID | None = None
    site_id: UUID | None = None

    @property
    def district_wide(self) -> bool:
        """Whether the grant holds everywhere."""
        return self.organisation_id is None and self.division_id is None and self.site_id is None


@dataclass(frozen=True)
class Reach:
    """A place with everything above it: which grants cover it."""

    site_id: UUID | None
    divisions: frozenset[UUID]
    organisations: frozenset[UUID]


def covers(grant: Grant, reach: Reach) -> bool:
    """Return whether the grant's scope holds at the place."""
    if grant.district_wide:
        return True
    if grant.site_id is not None:
        return grant.site_id == reach.site_id
    if grant.division_id is not None:
        return grant.division_id in reach.divisions
    return grant.organisation_id in reach.organisations


def may(grants: tuple[Grant, ...], command: str, reach: Reach, *, own: bool = False) -> bool:
    """Return whether one of the grants allows the command (or read) there."""
    roles = PERMISSIONS.get(command) or READS.get(command, frozenset())
    return any(grant.role in roles and (own or covers(grant, reach)) for grant in grants)


@dataclass(eq=False)
class NotPermitted(Refusal):
    """The person's roles do not allow the step, there or anywhere."""

    code: ClassVar[str] = "not_permitted"
    command: str
    roles: tuple[str, ...]


@dataclass(eq=False)
class FourEyes(Refusal):
    """The same person cannot do two steps of one document."""

    code: ClassVar[str] = "four_eyes"
    role: str
    other_role: str


@dataclass(eq=False)
class InTheFuture(Refusal):
    """Something is said to have happened later than now."""

    code: ClassVar[str] = "in_the_future"
    minutes: int


@dataclass(eq=False)
class TooLongAgo(Refusal):
    """Something is said to have happened longer ago than this person may record."""

    code: ClassVar[str] = "too_long_ago"
    days: int
    days_max: int


FUTURE_MINUTES_MAX = 5
"""How far ahead of the node's clock an entry may claim to have happened: clocks differ by this much at most."""

BACKDATED_DAYS_MAX = 1
"""Anyone may record what happened yesterday; further back only a manager (schema note, question 4)."""

ADMINISTRATORS: frozenset[str] = frozenset({"system_admin", "security_admin"})
"""Roles that look after the system; whoever audits must not hold one. Source: the three administrators of
classified protection (system, security, audit), kept apart."""

LOGIN_SHAPE = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
"""Logins are typed on every keyboard: 2 to 40 small Latin letters, digits, dot, underscore, hyphen."""


def conflicting_role(role: str, held: Iterable[str]) -> str | None:
    """Return a role held already that the same account may not hold beside `role`; None when there is none."""
    for other in sorted(held):
        if (role == "auditor" and other in ADMINISTRATORS) or (other == "auditor" and role in ADMINISTRATORS):
            return other
    return None


@dataclass(eq=False)
class RolesConflict(Refusal):
    """An account holds a role beside which it may not hold this one: who audits does not administer."""

    code: ClassVar[str] = "roles_conflict"
    role: str
    other_role: str


@dataclass(eq=False)
class RoleHeldAlready(Refusal):
    """The account holds the role in that scope already."""

    code: ClassVar[str] = "role_held_already"
    role: str


@dataclass(eq=False)
class TwoScopes(Refusal):
    """A role holds in one scope: the district, a division, an organisation or a site."""

    code: ClassVar[str] = "two_scopes"


@dataclass(eq=False)
class OwnAccount(Refusal):
    """Nobody changes the rights of the own account: another security administrator does it."""

    code: ClassVar[str] = "own_account"


@dataclass(eq=False)
class LastSecurityAdmin(Refusal):
    """Without an active security administrator for the whole district nobody could give rights any more."""

    code: ClassVar[str] = "last_security_admin"


@dataclass(eq=False)
class BadLogin(Refusal):
    """A login is 2 to 40 small Latin letters, digits, dots, underscores or hyphens."""

    code: ClassVar[str] = "bad_login"
    login: str


@dataclass(eq=False)
class LoginTaken(Refusal):
    """Another account has the login, open or closed; a login is never given out twice."""

    code: ClassVar[str] = "login_taken"
    login: str


@dataclass(eq=False)
class BadSetting(Refusal):
    """The value of a setting is not among those it can have."""

    code: ClassVar[str] = "bad_setting"
    key: str
    value: str
    allowed: str


@dataclass(eq=False)
class DemoNotHere(Refusal):
    """Demo accounts, whose password everybody knows, exist and sign in only in a demo district on this machine."""

    code: ClassVar[str] = "demo_not_here"


@dataclass(eq=False)
class DemoPasswordFixed(Refusal):
    """Demo accounts keep the password that stands on the sign-in page."""

    code: ClassVar[str] = "demo_password_fixed"
