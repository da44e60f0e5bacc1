# SPDX-License-Identifier: Apache-2.0
"""What is most likely, and so asked first. A guess is never an answer: it only saves calls."""

from __future__ import annotations

import datetime

from backup_reset_panel.cinder.evidence.batch import Group
from backup_reset_panel.cinder.interview import Ask
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.questions import Services
from backup_reset_panel.core.evidence import CEPH_DRIVERS
from backup_reset_panel.core.evidence import CHUNKED_DRIVERS
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Service

ALL_DRIVERS = (*CHUNKED_DRIVERS, *CEPH_DRIVERS)
_KINDS = ("swift", "nfs", "posix", "s3", "ceph")
#: What is in use today: asked for before the old names.
COMMON_DRIVERS = tuple(name for name in ALL_DRIVERS if name.split(".")[3] in _KINDS and name.endswith("Driver"))
#: So long the driver waits for the list of services, to be asked for together with the host.
PATIENCE_SECONDS = 0.3
#: For a group of backups so many hosts are guessed at once.
FIRST_GUESSES = 3
#: By so much the clocks of hosts may differ.
_SKEW = datetime.timedelta(minutes=5)


def likely_drivers(container: str | None) -> tuple[str, ...]:
    """The values of ``service`` that make such a container, the likeliest first.

    File system drivers split the backup's id into folders (``ab/cd/abcd…``), Ceph's container is its pool, that of an
    object store is a bucket. Without a container nothing was begun: no driver is likely.
    """
    if not container:
        return ()
    shaped = ("posix", "nfs") if "/" in container else ("swift", "s3", "ceph")
    return tuple(name for kind in shaped for name in COMMON_DRIVERS if name.split(".")[3] == kind)


def driver_and_host(group: Group) -> Asking:
    """Ask for the driver and the host that fit best by one question a host, where the containers speak for one driver.

    :returns: (driver, host) to ids or Unknown; empty where that is not known in time, or nothing speaks for a driver
    """
    drivers = {likely_drivers(row.container)[:1] for row in group.rows}
    answers = yield Ask((Services(),), PATIENCE_SECONDS)
    listed = answers[Services()]
    if not known(listed) or len(drivers) != 1 or not (driver := drivers.pop()):
        return {}
    likely = by_likelihood(listed, group.rows)
    # Those that are up are not asked about where all was with one that is down.
    alike = [service.host for service in likely if service.up == likely[0].up]
    pairs = [(driver[0], host) for host in alike[: 1 if group.is_one else FIRST_GUESSES]]
    questions = {pair: group.passing(("service", pair[0]), ("host", pair[1])) for pair in pairs}
    answers = yield ask(group.control, *questions.values())
    return {pair: group.found(answers[each], answers[group.control]) for pair, each in questions.items()}


def by_likelihood(listed: tuple[Service, ...], rows: tuple[Backup, ...]) -> list[Service]:
    """The services, the one first that is most likely the last that was asked.

    What is stuck is so because its host died, and that was seen after the backup was begun: Cinder asks no host that is
    not up. Those come first, the one that was seen last before the others; then those that are up; then the stale ones.
    """
    begun = min((row.created_at for row in rows if row.created_at), default=None)

    def place(service: Service) -> tuple[int, float]:
        seen = service.updated_at
        if service.up:
            return 1, 0.0
        is_recent = begun is None or (seen is not None and seen >= begun - _SKEW)
        return (0 if is_recent else 2), -seen.timestamp() if seen else 0.0

    return sorted(listed, key=place)
