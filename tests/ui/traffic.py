# SPDX-License-Identifier: Apache-2.0
"""What the Horizon under test is doing: requests under way, and what went wrong in them."""

import sys
import threading

from django.core import signals


class Traffic:
    """Watches the server in this process.

    ``failures`` are the exceptions that no view handled: each was a 500 to the browser.
    """

    def __init__(self):
        self.failures = []
        self._under_way = 0
        self._changed = threading.Condition()

    def __enter__(self):
        signals.request_started.connect(self._start)
        signals.request_finished.connect(self._finish)
        signals.got_request_exception.connect(self._fail)
        return self

    def __exit__(self, *exc):
        signals.request_started.disconnect(self._start)
        signals.request_finished.disconnect(self._finish)
        signals.got_request_exception.disconnect(self._fail)

    def _start(self, **kwargs):
        with self._changed:
            self._under_way += 1

    def _finish(self, **kwargs):
        with self._changed:
            self._under_way -= 1
            self._changed.notify_all()

    def _fail(self, sender, request, **kwargs):
        self.failures.append((request.method, request.get_full_path(), sys.exc_info()[1]))

    def settle(self, seconds=10):
        """Wait until no request is under way.

        :raises TimeoutError: one still is
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._under_way == 0, seconds):
                raise TimeoutError(f"{self._under_way} requests are still under way after {seconds} s")
