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
        self._write(self._sent)

    def end(self, outcome: Outcome | None) -> None:
        """What came of it; None: that is not known, since something went wrong in between."""
        if outcome is not None and self._sent is not None:
            self._write(_left_by(outcome, self._sent))
        if self.is_held and cache.get(_claim_key(self._backup_id)) == self.owner:
            cache.delete(_claim_key(self._backup_id))

    def _write(self, mine: Pending | None) -> None:
        _put(self._request, self._backup_id, self.owner, mine, self._in_session)


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


def find(request: Any, backup_id: str, but: str = "") -> tuple[Pending, ...]:
    """The resets of a backup that may not have been applied yet, the latest first.

    :param but: the owner of a claim that is the caller's own
    """
    claim = cache.get(_claim_key(backup_id))
    is_being_sent = claim and claim != but and not _is_note(claim)
    being_sent = (Pending("", Stage.CLAIMED, _now(), claim),) if is_being_sent else ()
    in_session = request.session.get(_SESSION_KEY, {}).get(backup_id)
    known = {each.owner: each for each in (*_unpacked(in_session), *_unpacked(cache.get(_key(backup_id))))}
    found = filter(_is_recent, known.values())
    return (*being_sent, *sorted(found, key=lambda each: each.since, reverse=True))


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
            _put(request, backup_id, owner, _left_by(outcome, kept[owner]), in_session=True)
    finally:
        if cache.get(key) == mine:
            cache.delete(key)


def _is_note(claim: Any) -> bool:
    return isinstance(claim, str) and claim.startswith(_NOTING)


def _put(request: Any, backup_id: str, owner: str, mine: Pending | None, in_session: bool) -> None:
    """Keep one reset, or drop it; the others stay."""
    others = [each for each in _unpacked(cache.get(_key(backup_id))) if each.owner != owner]
    kept = [*others, *([mine] if mine else [])][-_MOST:]
    if kept:
        cache.put(_key(backup_id), _packed(kept), KEPT_SECONDS)
    else:
        cache.delete(_key(backup_id))
    session = request.session.get(_SESSION_KEY, {})
    if in_session and (mine or backup_id in session):
        _put_in_session(request, session, backup_id, owner, mine)


def _put_in_session(request: Any, session: dict[str, Any], backup_id: str, owner: str, mine: Pending | None) -> None:
    others = [each for each in _unpacked(session.get(backup_id)) if each.owner != owner]
    kept = [*others, *([mine] if mine else [])][-_MOST:]
    rest = {key: value for key, value in session.items() if key != backup_id}
    if kept:
        rest[backup_id] = _packed(kept)
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
