# SPDX-License-Identifier: Apache-2.0
"""All of Cinder in one process, on oslo.messaging's in-process transport; for the embedded shape.

``python -m tests.lab.runtime.cinder_all [--without-backup] --config-file ... [--config-file ...]``

SIGUSR1 makes cinder-backup deaf: it goes on reporting itself up but takes no more messages, and says so in its log.
What is sent to it from then on waits in this process's memory and is lost with it, as with a broker that dies.
"""

try:
    from cinder import monkey_patch
except ImportError:  # before Cinder 27, whose commands do it as they are imported
    from cinder.cmd import backup  # noqa: F401
else:
    monkey_patch.patch()

# ruff: noqa: E402
import signal
import sys

import eventlet
import os_brick
from cinder import i18n

i18n.enable_lazy()

from cinder import coordination
from cinder import objects
from cinder import rpc
from cinder import service
from cinder import utils
from cinder import version
from cinder.cmd import backup as backup_command  # noqa: F401 (registers cinder-backup's options)
from cinder.cmd import volume as volume_command
from cinder.common import config
from oslo_config import cfg
from oslo_log import log as logging

from tests.lab.runtime import ALL_STARTED
from tests.lab.runtime import DEAF
from tests.lab.runtime import cinder_common

LOG = logging.getLogger(__name__)
CONF = cfg.CONF


class OneOfSeveral(service.Service):
    """A service that shares its process: Cinder keeps the id of *the* running service on the class."""

    def report_state(self) -> None:
        """Report this service, not the one that was started last."""
        service.Service.service_id = self.origin_service_id
        super().report_state()


def make_services(with_backup: bool) -> list[OneOfSeveral]:
    """Make scheduler, volume and backup service, each under its own host."""
    backend = CONF.enabled_backends[0]
    CONF.register_opt(volume_command.host_opt, group=backend)
    host = CONF.host
    services = [
        OneOfSeveral.create(binary="cinder-scheduler"),
        OneOfSeveral.create(binary="cinder-volume", host=f"{host}@{backend}", service_name=backend, coordination=True),
    ]
    if with_backup:
        services.append(make_backup_service())
    return services


def make_backup_service() -> OneOfSeveral:
    """Make the backup service, under a host and, if wanted, in a zone of its own."""
    if CONF.lab_backup_zone:
        CONF.set_override("storage_availability_zone", CONF.lab_backup_zone)
    try:
        return OneOfSeveral.create(
            binary="cinder-backup",
            host=CONF.lab_backup_host,
            service_name="backup",
            coordination=True,
            process_number=1,
            semaphore=utils.semaphore_factory(CONF.backup_max_operations, 1),
        )
    finally:
        CONF.clear_override("storage_availability_zone")


def go_deaf(backup: OneOfSeveral) -> None:
    """Stop listening, keep reporting."""
    backup.rpcserver.stop()
    LOG.warning(DEAF)


def main() -> None:
    """Start everything and serve for ever."""
    with_backup = "--without-backup" not in sys.argv
    sys.argv = [argument for argument in sys.argv if argument != "--without-backup"]
    CONF.register_opt(cfg.StrOpt("lab_backup_host", help="Host name that cinder-backup goes by."))
    CONF.register_opt(cfg.StrOpt("lab_backup_zone", help="Availability zone of cinder-backup, if another."))
    objects.register_all()
    CONF(sys.argv[1:], project="cinder", version=version.version_string())
    logging.setup(CONF, "cinder")
    os_brick.setup(CONF)
    cinder_common.settle()
    cinder_common.cap()
    rpc.init(CONF)
    config.set_middleware_defaults()
    coordination.COORDINATOR.start()
    services = make_services(with_backup)
    if with_backup:
        signal.signal(signal.SIGUSR1, lambda *_: eventlet.spawn(go_deaf, services[-1]))
    # Together: the scheduler's start waits until volume and backup have told it what they can.
    starting = [eventlet.spawn(one.start) for one in services]
    api = service.WSGIService("osapi_volume")
    api.start()
    for start in starting:
        start.wait()
    LOG.info(ALL_STARTED)
    while True:  # The API's wait() returns at once; the others' would end with the first that stops.
        eventlet.sleep(3600)


if __name__ == "__main__":
    main()
