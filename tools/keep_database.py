"""Keep a small database file of the current revision for the tests of later ones: `python -m tools.keep_database`.

Run it when a revision is final. The file holds a founded district with a few accounts, settings and entries.
"""

from __future__ import annotations

import datetime as dt
import gzip
import tempfile
from pathlib import Path
from uuid import UUID

from inventory.core.env import Env
from inventory.core.work import SYSTEM, Store
from inventory.people.commands import change_setting, grant_role, open_account
from inventory.upkeep import found_district, migrate
from inventory.upkeep.copying import copy_sqlite
from inventory.upkeep.migrating import head_revision

KEPT = Path(__file__).resolve().parent.parent / "tests" / "migrations" / "kept"


def build(store: Store, env: Env) -> None:
    """Found a district and do a few things in it."""
    founded = store.write(
        SYSTEM,
        lambda work: found_district(work, id=env.new_id(), node_code="WS", name_zh="Wansheng", division_code="500110"),
    )
    organisation = UUID(founded.outcome["organisation"])
    for login, role in (("admin", "security_admin"), ("clerk", "clerk"), ("manager", "manager")):
        facts = {
            "login": login,
            "name_zh": login,
            "organisation_id": organisation,
            "password_hash": None,
        }
        opened = store.write(SYSTEM, lambda work, facts=facts: open_account(work, id=env.new_id(), **facts))
        given = {"account_id": UUID(opened.outcome["account"]), "role": role}
        store.write(SYSTEM, lambda work, given=given: grant_role(work, id=env.new_id(), **given))
    store.write(SYSTEM, lambda work: change_setting(work, id=env.new_id(), key="session_hours", value="20"))


def main() -> None:
    """Write the file of the newest revision."""
    KEPT.mkdir(parents=True, exist_ok=True)
    target = KEPT / f"{head_revision()}.sqlite.gz"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "inventory.db"
        migrate(f"sqlite:///{path}")
        start = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
        env = Env.seeded(Path(folder), seed=1, start=start, step_seconds=60)
        store = Store(f"sqlite:///{path}", env)
        build(store, env)
        store.close()
        copy_sqlite(path, Path(folder) / "copy.db")
        with target.open("wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as packed:
            packed.write((Path(folder) / "copy.db").read_bytes())
    print(target, target.stat().st_size)


if __name__ == "__main__":
    main()
