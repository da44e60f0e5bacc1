# SPDX-License-Identifier: Apache-2.0
"""Horizon's cache, which may be as far gone as the rest of the cloud: without it nothing stops working."""

import logging

from django.core.cache import cache

LOG = logging.getLogger(__name__)


def get(key):
    """What is kept under a key; None for nothing, and where the cache is out of order."""
    return _try(cache.get, key, default=None)


def get_many(keys):
    """What is kept under each of some keys, by one question; nothing where the cache is out of order."""
    return _try(cache.get_many, keys, default={})


def put(key, value, seconds):
    """Keep a value for some seconds."""
    _try(cache.set, key, value, seconds, default=None)


def add(key, value, seconds):
    """Keep a value unless one is kept already.

    :returns: False if one is; True also where the cache is out of order
    """
    return _try(cache.add, key, value, seconds, default=True)


def delete(*keys):
    """Keep nothing under these keys any more."""
    _try(cache.delete_many, keys, default=None)


def _try(call, *args, default):
    """One call of the cache. Each backend fails with exceptions of its own, and none of them may stop a reset."""
    try:
        return call(*args)
    except Exception:  # noqa: BLE001  (only the cache backend's own code runs in here)
        LOG.warning("Horizon's cache is out of order: it is gone without.")
        return default
