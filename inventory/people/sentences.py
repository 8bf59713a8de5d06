"""How this room says no, and the words for roles."""

from __future__ import annotations

from inventory.core.words import N_, Sentence

_NOTHING = N_("Nothing was changed.")
_NOT_SIGNED_IN = N_("You are not signed in.")

SENTENCES: dict[str, Sentence] = {
    "not_permitted": Sentence(
        what=N_("This was not done: your roles do not allow it here."),
        why=N_("It is for: %(roles)s."),
        then=N_("Ask one of them, or ask the security administrator for the role."),
    ),
    "four_eyes": Sentence(
        what=N_("This was not done: it needs another person."),
        why=N_("You are already the %(other_role)s of this document and cannot also be its %(role)s."),
        then=N_("Ask a colleague to do this step."),
    ),
    "in_the_future": Sentence(
        what=N_("Nothing was recorded."),
        why=N_("The time given is %(minutes)s minutes from now."),
        then=N_("Correct the time; it cannot be later than now."),
    ),
    "too_long_ago": Sentence(
        what=N_("Nothing was recorded."),
        why=N_("The time given is %(days)s days ago; at most %(days_max)s is allowed."),
        then=N_("Record it with today's time, or ask a manager to record it."),
    ),
    "not_signed_in": Sentence(
        what=_NOT_SIGNED_IN,
        why=N_("Login and password do not go together."),
        then=N_("Check capitals and the keyboard, then try again. Tries before a pause: %(tries_left)s."),
    ),
    "wait_before_signing_in": Sentence(
        what=_NOT_SIGNED_IN,
        why=N_("There were too many wrong passwords for this login from this computer."),
        then=N_("Wait %(seconds)s seconds, or sign in at another computer. Nobody is locked out for good."),
    ),
    "demo_not_here": Sentence(
        what=N_("Demo accounts cannot be used here."),
        why=N_("Everybody knows their password, so they work only in a demo district, on the same computer."),
        then=N_("Use your own account, or open the demo on the computer it runs on."),
    ),
    "demo_password_fixed": Sentence(
        what=N_("The password was not changed."),
        why=N_("Demo accounts keep the password shown on the sign-in page."),
    ),
    "weak_password": Sentence(
        what=N_("The password was not accepted."),
        why=N_("It is %(problems)s."),
        then=N_(
            "Choose at least %(length_min)s characters of at least %(classes_min)s kinds:"
            " small letters, capitals, digits, signs."
        ),
    ),
    "roles_conflict": Sentence(
        what=N_("The role was not given."),
        why=N_("The account is %(other_role)s; who audits does not administer, so it cannot be %(role)s as well."),
        then=N_("Give the role to another account, or end the other role first."),
    ),
    "role_held_already": Sentence(
        what=N_("The role was not given."),
        why=N_("The account is %(role)s in that area already."),
    ),
    "two_scopes": Sentence(
        what=N_("The role was not given."),
        why=N_("A role holds in one area: the district, a division, an organisation or a site."),
        then=N_("Choose one; give the role a second time for another area."),
    ),
    "own_account": Sentence(
        what=_NOTHING,
        why=N_("Nobody changes the rights of the own account."),
        then=N_("Ask another security administrator."),
    ),
    "last_security_admin": Sentence(
        what=_NOTHING,
        why=N_("This is the last security administrator of the district; nobody could give rights any more."),
        then=N_("Make another person security administrator first."),
    ),
    "bad_login": Sentence(
        what=N_("The account was not opened."),
        why=N_("“%(login)s” is not a login."),
        then=N_(
            "Use 2 to 40 small letters a to z, digits, dot, underscore or hyphen, beginning with a letter or digit."
        ),
    ),
    "login_taken": Sentence(
        what=N_("The account was not opened."),
        why=N_("There is already an account %(login)s; a login is never given out twice."),
        then=N_("Choose another login."),
    ),
    "bad_organisation": Sentence(
        what=N_("Nothing was saved."),
        why=N_("Organisation %(organisation)s: the value “%(text)s” does not fit its field %(field)s."),
        then=N_("Correct the field and save again."),
    ),
    "bad_setting": Sentence(
        what=N_("The setting was not changed."),
        why=N_("%(value)s is not allowed for %(key)s."),
        then=N_("Allowed: %(allowed)s."),
    ),
}

WORDS: dict[str, dict[str, str]] = {
    "role": {
        "requester": N_("requester"),
        "clerk": N_("warehouse clerk"),
        "keeper": N_("stock keeper"),
        "duty": N_("duty officer"),
        "commander": N_("commander"),
        "team_leader": N_("team leader"),
        "comms": N_("communications officer"),
        "manager": N_("manager"),
        "auditor": N_("auditor"),
        "system_admin": N_("system administrator"),
        "security_admin": N_("security administrator"),
        "api": N_("machine"),
        "approver": N_("approver"),
        "recorder": N_("recorder"),
        "checker": N_("checker"),
        "receiver": N_("receiver"),
        "counter": N_("counter"),
        "recounter": N_("recounter"),
        "appraiser": N_("appraiser"),
    },
    "field": {
        "organisation_kind": N_("kind of organisation"),
        "organisation_above": N_("organisation above (of the same level or higher)"),
    },
    "problem": {
        "too_short": N_("too short"),
        "too_long": N_("too long"),
        "too_plain": N_("of too few kinds of characters"),
        "too_common": N_("one that everybody tries first"),
        "same_as_old": N_("the same as the old one"),
        "holds_login": N_("built from the login"),
    },
}
