"""Keys of other offices: handed over as a file, compared by telephone, believed and given up; on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from inventory.core.env import Env
from inventory.core.work import SYSTEM, Store
from inventory.documents.sign import PaperKey, known_keys, load_key, long_fingerprint_of, seal
from inventory.errands.paper_keys import forget, own_key, own_key_file, read_public_key, trust
from inventory.errands.rules import BadOfficeName, KeyKnown, NoPublicKey, OfficeHasKey, OtherFingerprint
from inventory.models import Journal
from inventory.people.journal import Done
from inventory.people.rules import NotPermitted
from inventory.speech import say
from tests.documents import samples
from tests.errands.trust import issued_order, judged, rows, seal_of
from tests.support.district import District, found

START = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
THEIRS = PaperKey(b"\x07" * 32)


@pytest.fixture
def here(store: Store) -> District:
    """A founded district."""
    return found(store)


def taken_in(here: District, *, office: str = "Heishan", who: str = "security", **other: object) -> Done:
    """Take in the key of another office."""
    facts = {"public_key": THEIRS.public, "fingerprint": long_fingerprint_of(THEIRS.public), **other}
    return trust(here.store, here.people[who], id=here.store.env.new_id(), office=office, **facts)  # type: ignore[arg-type]


def entries(here: District, kind: str) -> list[UUID]:
    """Return the entries of a kind."""
    query = select(Journal.id).where(Journal.kind == kind)
    return here.store.read(SYSTEM, lambda work: list(work.connection.scalars(query)))


@pytest.fixture
def there(make_database: Callable[..., str], tmp_path: Path) -> Iterator[Store]:
    """The store of another office, with a data folder of its own."""
    env = Env.seeded(tmp_path / "there", seed=2, start=START, step_seconds=1)
    opened = Store(make_database(), env)
    found(opened, code="HS")
    yield opened
    opened.close()


def test_a_paper_of_another_office_is_believed_once_its_key_is(there: Store, here: District) -> None:
    """Its file, its fingerprint heard sloppily, its paper: unknown before, genuine after, unknown again."""
    text = seal(samples.order(1), load_key(there.env.home)).text
    assert judged(here, text).code == "unknown_key"
    file = own_key_file(there, SYSTEM)
    public = read_public_key(file.replace(b"\n", b"\r\n"), file="district.pub")
    assert public == load_key(there.env.home).public == own_key(there).public
    heard = long_fingerprint_of(public).lower().replace("-", " ")
    done = taken_in(here, office=" 黑山镇 ", public_key=public, fingerprint=heard)
    assert done.outcome == {"office": "黑山镇", "fingerprint": long_fingerprint_of(public)}
    assert (judged(here, text).code, judged(here, text).office) == ("unknown_paper", "黑山镇")
    assert [(key.office, key.public) for key in known_keys(here.store.env.home) if not key.own] == [("黑山镇", public)]
    forget(here.store, here.people["security"], id=here.store.env.new_id(), office="黑山镇")
    assert judged(here, text).code == "unknown_key"
    assert len(entries(here, "trust_key")) == len(entries(here, "forget_key")) == 1


def test_what_is_wrong_with_a_key_is_refused_in_words(here: District) -> None:
    """Another fingerprint, a name that makes no file, a second key of one office, a key twice, our own key."""
    own = load_key(here.store.env.home)
    with pytest.raises(OtherFingerprint):
        taken_in(here, fingerprint=long_fingerprint_of(own.public))
    with pytest.raises(OtherFingerprint):
        taken_in(here, fingerprint=long_fingerprint_of(THEIRS.public)[:9])
    for name in ("", "x", "../../etc/passwd", "a/b", "a\\b", ".hidden", "x" * 41, "tab\tname"):
        with pytest.raises(BadOfficeName):
            taken_in(here, office=name)
    taken_in(here)
    taken_in(here)
    other = PaperKey(b"\x08" * 32).public
    with pytest.raises(OfficeHasKey):
        taken_in(here, public_key=other, fingerprint=long_fingerprint_of(other))
    with pytest.raises(KeyKnown):
        taken_in(here, office="Somebody else")
    with pytest.raises(KeyKnown):
        taken_in(here, office="Ourselves", public_key=own.public, fingerprint=long_fingerprint_of(own.public))
    for data in (b"", b"\x00\xff" * 40, b"# only words\n", b"ab" * 31, b"-----BEGIN PUBLIC KEY-----\n"):
        with pytest.raises(NoPublicKey) as refused:
            read_public_key(data, file="x.pub")
        assert "x.pub" in say(refused.value, "zh_CN").why
    assert [path.name for path in (here.store.env.home / "keys").glob("*.pub")] == ["Heishan.pub"]


def test_only_the_security_administrator_decides(here: District) -> None:
    """Everybody else is refused, and nothing is written."""
    for who in ("commander", "system", "auditor", "clerk"):
        with pytest.raises(NotPermitted):
            taken_in(here, who=who)
    assert not list((here.store.env.home / "keys").glob("*.pub"))
    taken_in(here)
    with pytest.raises(NotPermitted):
        forget(here.store, here.people["commander"], id=here.store.env.new_id(), office="Heishan")
    assert [key.office for key in known_keys(here.store.env.home) if not key.own] == ["Heishan"]


def test_asking_makes_no_key(tmp_path: Path) -> None:
    """A machine at a road block that only checks papers gets no secret key of its own by that."""
    assert known_keys(tmp_path) == ()
    assert not (tmp_path / "keys").exists()


def test_a_stolen_name_does_not_pass_for_an_office(store: Store) -> None:
    """A key whose fingerprint on papers is known, but which was not taken in, proves nothing."""
    here, _order_id = issued_order(store)
    [row] = rows(here)
    forged = seal_of(row).replace(f":{load_key(store.env.home).fingerprint}:", f":{THEIRS.fingerprint}:")
    assert judged(here, forged).code == "differs"
    assert judged(here, forged.replace("000001", "000009")).code == "unknown_key"
    taken_in(here)
    assert judged(here, forged.replace("000001", "000009")).code == "altered"
