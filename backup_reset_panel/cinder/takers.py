# SPDX-License-Identifier: Apache-2.0
"""Sources: which driver and which host took the backup up."""

from backup_reset_panel.core.evidence import CEPH_DRIVERS
from backup_reset_panel.core.evidence import CHUNKED_DRIVERS
from backup_reset_panel.core.evidence import FOREIGN
from backup_reset_panel.core.sources import Source

#: With more cinder-backup hosts, driver and host are asked for one after the other: each wrong guess is a call.
FEW_HOSTS = 3
#: So long the question for the driver waits for the names of the hosts; that list may hang, the verdict must not.
HOSTS_PATIENCE_SECONDS = 0.3


def service_column(row):
    """Whether cinder-backup ever took the backup up, and which driver wrote it (the hidden column ``service``)."""
    together = _together(row)
    if together:
        return {Source.TAKEN_UP: True, Source.DRIVER: together[0]}
    likely, unlikely = drivers_by_container(row.backup.container)
    for driver in likely:
        if row.backup_is("service", driver):
            return {Source.TAKEN_UP: True, Source.DRIVER: driver}
    if not row.backup_is("service~", "."):
        return {Source.TAKEN_UP: False, Source.DRIVER: FOREIGN}
    for driver in unlikely:
        if row.backup_is("service", driver):
            return {Source.TAKEN_UP: True, Source.DRIVER: driver}
    return {Source.TAKEN_UP: True, Source.DRIVER: FOREIGN}


def drivers_by_container(container):
    """The exact values of ``service`` to ask for, in two tuples: those that make such a container, and the others.

    File system drivers split the backup's id into folders (``ab/cd/abcd…``), Ceph's container is its pool, that of an
    object store is a bucket. Without a container nothing was begun: no driver is likely.
    """
    drivers = (*CHUNKED_DRIVERS, *CEPH_DRIVERS)
    shaped = ("posix", "nfs") if "/" in (container or "") else ("swift", "s3", "ceph")
    likely = [
        driver for driver in drivers if container and driver.endswith("Driver") and driver.split(".")[3] in shaped
    ]
    likely.sort(key=lambda driver: shaped.index(driver.split(".")[3]))
    return tuple(likely), tuple(driver for driver in drivers if driver not in likely)


def _together(row):
    """The driver and the host last asked, told by one question; None where it takes two."""
    return row.once("together", lambda: _ask_together(row))


def _ask_together(row):
    likely, _unlikely = drivers_by_container(row.backup.container)
    hosts = row.hosts_within(HOSTS_PATIENCE_SECONDS)
    if not likely or len(hosts) > FEW_HOSTS:
        return None
    for host in hosts:
        if row.matches("backups", row.backup.id, service=likely[0], host=host):
            return likely[0], host
    return None


def last_host(row):
    """The host that was asked last about this backup (hidden); None: none was."""
    together = _together(row)
    if together:
        return {Source.LAST_HOST: together[1]}
    for raw in row.services:
        if row.backup_is("host", raw.host):
            return {Source.LAST_HOST: raw.host}
    if not row.backup_is("host~", "."):
        return {Source.LAST_HOST: None}
    return {}
