# SPDX-License-Identifier: Apache-2.0
"""A bulk run that is held half-way, and what it sent."""

import collections
import threading

#: How many rows a chunk has in tests of what happens half-way.
CHUNK = 4


class Gate:
    """Holds the resets of a run on their way to Cinder, which goes on answering what others ask.

    :param send: ``cinder.reset``
    """

    def __init__(self, send):
        self._open, self._knocked = threading.Event(), threading.Event()
        self._send = send

    def reset(self, *args):
        """What is to stand in the place of ``cinder.reset``."""
        self._knocked.set()
        assert self._open.wait(30)
        return self._send(*args)

    def wait(self):
        """Wait until a reset stands before the gate."""
        assert self._knocked.wait(20)

    def open(self):
        self._open.set()


def sent(cloud):
    """How many resets were sent to each backup."""
    return collections.Counter(row for row, _status in cloud.resets if row in cloud.backups)
