# SPDX-License-Identifier: Apache-2.0
"""Resets of ours that Cinder accepted and that were not seen applied: another one could be overtaken by them.

Kept for an hour in Horizon's cache, which tells other administrators too where it is shared (memcached), and in the
administrator's own session, which works behind any number of workers without one.
"""

import datetime

from backup_reset_panel import caching
from backup_reset_panel.core.evidence import Armed

KEPT_SECONDS = 3600
_SESSION_KEY = "backup_reset_panel.armed"
#: A session may live in a cookie: only the latest few.
_MOST_IN_SESSION = 10


def _key(backup_id):
    return f"backup_reset_panel.armed.{backup_id}"


def claim(request, backup_id, target, in_session=True):
    """Say that a reset is about to be sent.

    :param in_session: also in the session; not in a bulk run, which may have thousands, from several threads
    :returns: False if somebody else said so before and was not done yet; then nothing may be sent
    """
    if not caching.add(_key(backup_id), _mark(target), KEPT_SECONDS):
        return False
    if in_session:
        _keep(request, backup_id, target)
    return True


def change(request, backup_id, target, in_session=True):
    """What is on its way is now another reset: the second of two that belong together."""
    caching.put(_key(backup_id), _mark(target), KEPT_SECONDS)
    if in_session:
        _keep(request, backup_id, target)


def _mark(target):
    return target, datetime.datetime.now(datetime.timezone.utc).isoformat()


def _keep(request, backup_id, target):
    session = request.session.get(_SESSION_KEY, {})
    session[backup_id] = _mark(target)
    request.session[_SESSION_KEY] = dict(list(session.items())[-_MOST_IN_SESSION:])


def release(request, *backup_ids):
    """The resets of these are over: each was seen applied, or never sent."""
    caching.delete(*map(_key, backup_ids))
    session = request.session.get(_SESSION_KEY, {})
    kept = {backup_id: mark for backup_id, mark in session.items() if backup_id not in backup_ids}
    if kept != session:
        request.session[_SESSION_KEY] = kept


def pending(request, backup_id):
    """The reset that is under way for a backup.

    :returns: core.evidence.Armed, or None
    """
    found = caching.get(_key(backup_id)) or request.session.get(_SESSION_KEY, {}).get(backup_id)
    if not found:
        return None
    target, since = found[0], datetime.datetime.fromisoformat(found[1])
    age = datetime.datetime.now(datetime.timezone.utc) - since
    return Armed(target, since) if age.total_seconds() < KEPT_SECONDS else None
