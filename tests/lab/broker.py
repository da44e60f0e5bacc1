# SPDX-License-Identifier: Apache-2.0
"""Looking into the services shape's RabbitMQ."""

import amqp

from tests.lab import ports
from tests.lab.state import State

#: Through which oslo.messaging leads what is meant for a service (``control_exchange`` of cinder.conf).
EXCHANGE = "openstack"


def ready(state: State) -> bool:
    """Tell whether the broker accepts a log-in."""
    if not ports.accepts(state.ports["rabbitmq"]):
        return False
    try:
        with _connection(state):
            return True
    except OSError:
        return False


def consumers(state: State, queue: str) -> int:
    """Return how many consumers a queue has; none when there is no such queue."""
    try:
        with _connection(state) as connection:
            return connection.channel().queue_declare(queue, passive=True).consumer_count
    except amqp.NotFound:
        return 0


def purge(state: State, queue: str) -> int:
    """Throw away the messages of a queue, as a broker that lost its memory would; return how many there were."""
    with _connection(state) as connection:
        return connection.channel().queue_purge(queue)


def unbind(state: State, queue: str) -> None:
    """Let messages no longer be led to a queue; it stays, with its consumers, who notice nothing."""
    with _connection(state) as connection:
        connection.channel().queue_unbind(queue, EXCHANGE, queue)


def bind(state: State, queue: str) -> None:
    """Let messages be led to a queue again."""
    with _connection(state) as connection:
        connection.channel().queue_bind(queue, EXCHANGE, queue)


def _connection(state: State) -> amqp.Connection:
    return amqp.Connection(f"127.0.0.1:{state.ports['rabbitmq']}", userid="lab", password="lab", connect_timeout=2)
