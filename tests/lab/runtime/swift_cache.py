# SPDX-License-Identifier: Apache-2.0
"""What Swift's proxy keeps in memcached, kept in its one process: the lab needs no memcached for a store.

Runs in Swift's environment, where nothing of this repository but this folder can be imported.
"""

import time


class Cache:
    """As much of ``swift.common.memcached.MemcacheRing`` as the proxy's filters call; values stay as they are."""

    def __init__(self):
        self._kept = {}

    def get(self, key, **_):
        """Return what is kept, None when nothing is, or is any more."""
        value, end = self._kept.get(key, (None, 0))
        return value if not end or end > time.time() else None

    def set(self, key, value, time=0, **_):
        """Keep a value.

        :param time: seconds for which it is good; 0: for ever
        """
        self._kept[key] = (value, _end(time))

    def get_multi(self, keys, server_key, **_):
        """Return what is kept of several."""
        return [self.get(key) for key in keys]

    def set_multi(self, mapping, server_key, time=0, **_):
        """Keep several."""
        for key, value in mapping.items():
            self.set(key, value, time)

    def incr(self, key, delta=1, time=0, **_):
        """Add to a number and return it."""
        value = max(0, int(self.get(key) or 0) + int(delta))
        self.set(key, value, time)
        return value

    def decr(self, key, delta=1, time=0, **_):
        """Take away from a number and return it."""
        return self.incr(key, -int(delta), time)

    def delete(self, key, **_):
        """Forget one."""
        self._kept.pop(key, None)


def _end(seconds):
    return time.time() + seconds if seconds else 0


def filter_factory(global_conf, **_):
    """Return the filter for ``proxy-server.conf``."""
    cache = Cache()

    def wrap(application):
        def call(environ, start_response):
            environ["swift.cache"] = cache
            return application(environ, start_response)

        return call

    return wrap
