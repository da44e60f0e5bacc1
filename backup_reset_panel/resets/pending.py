# SPDX-License-Identifier: Apache-2.0
"""The resets of ours that may not have been applied yet, kept for whoever comes next.

In Horizon's cache, which tells other administrators too where it is shared (memcached), and in the administrator's own
session, which works behind any number of workers without one. Nothing is locked by them for longer than it takes to
send a reset: they say what may still come, and the administrator decides.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import secrets
import time
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.core.pending import CLAIM_SECONDS
from backup_reset_panel.core.pending import Pending
from backup_reset_panel.core.pending import Stage
from backup_reset_panel.web import cache

#: A message that Cinder's broker has kept for longer is as good as lost.
KEPT_SECONDS = 24 * 3600
_SESSION_KEY = "backup_reset_panel.armed"
#: A session may live in a cookie: only the latest few.
_MOST_IN_SESSION = 10
#: Of one backup, the latest.
_MOST = 4
#: After one of these a reset that was sent may still be applied.
_MAY_STILL_COME = (Ending.ACCEPTED, Ending.REACHED, Ending.SETTLED_OTHERWISE, Ending.UNKNOWN)


def _key(backup_id: str) -> str:
    return f"backup_reset_panel.armed.{backup_id}"


def _claim_key(backup_id: str) -> str:
    return f"backup_reset_panel.claim.{backup_id}"


#: A claim of somebody who sends nothing begins with this, and lasts so long at most, a worker being killed in it.
_NOTING = "noting:"
_NOTE_SECONDS = 2
_A_MOMENT = 0.01


@dataclasses.dataclass(frozen=True)
class _Change:
    """What is to be kept of one reset.

    :param owner: whose it is
    :param mine: None: nothing any more
    :param in_session: whether the administrator's session is to know as well
    """

    backup_id: str
    owner: str
    mine: Pending | None
    in_session: bool


class Claim:
    """The right to send resets of one backup, for the moment that takes.

    Its owner alone ends it; however that goes, what is kept says what is known.

    :param request: Django request of the administrator
    :param backup_id: which backup
    :param in_session: whether the administrator's session is to know as well; not in a bulk run, which may have
        thousands, from several threads
    """

    def __init__(self, request: Any, backup_id: str, in_session: bool = True) -> None:
        self._request = request
        self._backup_id = backup_id
        self._in_session = in_session
        self.owner = secrets.token_hex(8)
        self._sent: Pending | None = None
        self.is_held: bool = self._obtained()

    def _obtained(self) -> bool:
        """Whether nobody else is sending; whoever only writes down what they saw is waited for."""
        key, until = _claim_key(self._backup_id), time.monotonic() + _NOTE_SECONDS
        while not cache.add(key, self.owner, CLAIM_SECONDS):
            holder = cache.get(key)
            # None: whoever it was has just ended.
            if (holder is not None and not _is_note(holder)) or time.monotonic() > until:
                return False
            time.sleep(_A_MOMENT)
        return True

    def about_to_send(self, target: str) -> None:
        """A reset is sent at the next moment: from now on, whatever happens, it may have reached Cinder."""
        self._sent = Pending(target, Stage.PERHAPS_SENT, _now(), self.owner, self._request.user.username)
        change = _Change(self._backup_id, self.owner, self._sent, self._in_session)
        # As a rule nothing else is pending: one question, and not two, before each of hundreds.
        if self._in_session or not cache.add(_key(self._backup_id), _after((), change), KEPT_SECONDS):
            _write(self._request, [change])

    def end(self, outcome: Outcome | None) -> None:
        """What came of it; None: that is not known, since something went wrong in between."""
        end_all(self._request, [(self, outcome)])

    def change(self, outcome: Outcome | None) -> _Change | None:
        """What is to be written down of an outcome; None: nothing, since it is not known, or nothing was sent."""
        if outcome is None or self._sent is None:
            return None
        return _Change(self._backup_id, self.owner, _left_by(outcome, self._sent), self._in_session)

    @property
    def key(self) -> str:
        """What the claim is kept under."""
        return _claim_key(self._backup_id)


def end_all(request: Any, ended: Iterable[tuple[Claim, Outcome | None]]) -> None:
    """End claims of different backups, as each would end by itself: by a few questions in all, not by some a claim."""
    pairs = list(ended)
    _write(request, [change for claim, outcome in pairs if (change := claim.change(outcome))])
    holders = cache.get_many([claim.key for claim, _outcome in pairs if claim.is_held])
    own = [claim.key for claim, _outcome in pairs if holders.get(claim.key) == claim.owner]
    if own:
        cache.delete(*own)


@contextlib.contextmanager
def claimed(request: Any, backup_id: str) -> Iterator[Claim]:
    """A Claim that is always released at the end; ``is_held`` says whether it was obtained."""
    claim = Claim(request, backup_id)
    try:
        yield claim
    finally:
        claim.end(None)


def _left_by(outcome: Outcome, sent: Pending) -> Pending | None:
    """What is still pending after an outcome, or None."""
    if outcome.ending is Ending.STOPPED:
        # The backup was taken up while it was removed: the reset that moved it may now be applied to a live job.
        return dataclasses.replace(sent, stage=Stage.ACCEPTED)
    if outcome.ending not in _MAY_STILL_COME or not outcome.target:
        return None
    stage = Stage.PERHAPS_SENT if outcome.ending is Ending.UNKNOWN else Stage.ACCEPTED
    request_id = outcome.request_ids[-1] if outcome.request_ids else ""
    return dataclasses.replace(sent, target=outcome.target, stage=stage, host=outcome.host, request_id=request_id)


def find(request: Any, backup_id: str) -> tuple[Pending, ...]:
    """The resets of a backup that may not have been applied yet, the latest first."""
    return find_many(request, {backup_id: ""})[backup_id]


def find_many(request: Any, own: Mapping[str, str]) -> dict[str, tuple[Pending, ...]]:
    """The resets of some backups that may not have been applied yet, the latest first, by id.

    :param own: id of each backup to the owner of a claim that is the caller's own, empty where there is none
    """
    kept = cache.get_many([key for each in own for key in (_claim_key(each), _key(each))])
    in_session = request.session.get(_SESSION_KEY, {})
    found = {}
    for each, owner in own.items():
        claim = kept.get(_claim_key(each))
        is_being_sent = bool(claim) and claim != owner and not _is_note(claim)
        being_sent = (Pending("", Stage.CLAIMED, _now(), str(claim)),) if is_being_sent else ()
        by_owner = {one.owner: one for one in (*_unpacked(in_session.get(each)), *_unpacked(kept.get(_key(each))))}
        recent = sorted(filter(_is_recent, by_owner.values()), key=lambda one: one.since, reverse=True)
        found[each] = (*being_sent, *recent)
    return found


def of_many(backup_ids: Iterable[str]) -> dict[str, tuple[Pending, ...]]:
    """The resets of many backups that may not have been applied yet, as far as Horizon's cache knows.

    :returns: id to Pending, of those that have any
    """
    keys = {_key(each): each for each in backup_ids}
    kept = {keys[key]: _unpacked(value) for key, value in cache.get_many(keys).items()}
    recent = {each: tuple(filter(_is_recent, found)) for each, found in kept.items()}
    return {each: found for each, found in recent.items() if found}


def _is_recent(one: Pending) -> bool:
    return (_now() - one.since).total_seconds() < KEPT_SECONDS


def note(request: Any, backup_id: str, owner: str, outcome: Outcome) -> None:
    """Record what a later look at a reset showed.

    :param owner: of the reset that was looked at; those of others stay as they are
    """
    key, mine = _claim_key(backup_id), _NOTING + secrets.token_hex(8)
    if not cache.add(key, mine, _NOTE_SECONDS):
        return
    try:
        kept = {each.owner: each for each in find(request, backup_id)}
        if owner in kept:
            _write(request, [_Change(backup_id, owner, _left_by(outcome, kept[owner]), in_session=True)])
    finally:
        if cache.get(key) == mine:
            cache.delete(key)


def _is_note(claim: Any) -> bool:
    return isinstance(claim, str) and claim.startswith(_NOTING)


def _write(request: Any, changes: list[_Change]) -> None:
    """Keep resets of different backups, or drop them; others of the same backups stay."""
    if not changes:
        return
    kept = cache.get_many([_key(each.backup_id) for each in changes])
    left = {_key(each.backup_id): _after(kept.get(_key(each.backup_id)), each) for each in changes}
    if still := {key: value for key, value in left.items() if value}:
        cache.put_many(still, KEPT_SECONDS)
    if gone := [key for key, value in left.items() if not value]:
        cache.delete(*gone)
    for each in changes:
        session = request.session.get(_SESSION_KEY, {})
        if each.in_session and (each.mine or each.backup_id in session):
            _put_in_session(request, session, each)


def _after(kept: Any, change: _Change) -> list[dict[str, Any]]:
    """What is kept of a backup after a change."""
    others = [each for each in _unpacked(kept) if each.owner != change.owner]
    return _packed([*others, *([change.mine] if change.mine else [])][-_MOST:])


def _put_in_session(request: Any, session: dict[str, Any], change: _Change) -> None:
    left = _after(session.get(change.backup_id), change)
    rest = {key: value for key, value in session.items() if key != change.backup_id}
    if left:
        rest[change.backup_id] = left
    request.session[_SESSION_KEY] = dict(list(rest.items())[-_MOST_IN_SESSION:])


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def _packed(kept: Iterable[Pending]) -> list[dict[str, Any]]:
    return [dataclasses.asdict(each) | {"stage": each.stage.value, "since": each.since.isoformat()} for each in kept]


def _unpacked(kept: Any) -> tuple[Pending, ...]:
    """What was kept, without what an earlier release kept in another form."""
    try:
        return tuple(
            Pending(**each | {"stage": Stage(each["stage"]), "since": datetime.datetime.fromisoformat(each["since"])})
            for each in kept or ()
        )
    except (KeyError, TypeError, ValueError):
        return ()
