# SPDX-License-Identifier: Apache-2.0
"""When a service of the lab is ready to be used."""

import urllib.error
import urllib.request

from tests.lab import broker
from tests.lab import cinder
from tests.lab import ports
from tests.lab import servers
from tests.lab import wait
from tests.lab.errors import LabError
from tests.lab.processes import Service
from tests.lab.runtime import ALL_STARTED
from tests.lab.state import State

SECONDS = 120


def await_ready(state: State, service: Service, given_up=lambda: False, seconds: float = SECONDS) -> None:
    """Wait until a started service is ready.

    :param given_up: tells whether the whole start has been given up meanwhile
    :raises LabError: when it ends, answers with failures, is not ready in time or is given up; with the end of its log
    """

    def ready_or_dead() -> bool:
        if given_up():
            raise LabError("The start of the lab was given up.")
        if not service.alive():
            raise service.failure("it ended instead of getting ready")
        return is_ready(state, service)

    try:
        wait.until(ready_or_dead, f"{service.name} to get ready", seconds)
    except LabError as error:
        if service.alive() and not given_up():
            raise service.failure(str(error)) from None
        raise


def is_ready(state: State, service: Service) -> bool:
    """Tell whether a service answers, or takes messages."""
    name = service.name
    if name == "keystone":
        return answers(state.url("keystone", "v3"))
    if name.endswith("horizon"):
        return answers(state.url(name.replace("-", "_"), "auth/login/"))
    if name == "cinder-api":
        return answers(state.url("cinder"))
    if name == "mariadb":
        return servers.mariadb_ready(state)
    if name == "rabbitmq":
        return broker.ready(state)
    if name in ("epmd", "memcached") or name.startswith("swift"):
        return ports.accepts(state.ports[name.replace("-", "_")])
    if name == cinder.EMBEDDED:
        return ALL_STARTED in service.read_log(this_life=True)
    return broker.consumers(state, cinder.queue(name)) > 0


def answers(url: str) -> bool:
    """Tell whether a web service answers.

    :raises LabError: when it answers with a failure of its own: waiting would not mend that
    """
    try:
        with urllib.request.urlopen(url, timeout=20):
            return True
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise LabError(f"{url} answers {error.code}.") from None
        return True
    except OSError:
        return False
