# SPDX-License-Identifier: Apache-2.0
"""Horizon's cache. It may be down like the rest of the cloud: everything works without it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from django.core.cache import cache

LOG = logging.getLogger(__name__)


def place(region: str) -> str:
    """A region as a part of a key: its name may hold what a key may not."""
    return hashlib.sha256(region.encode()).hexdigest()[:16]


def get(key: str) -> Any:
    """What is kept under a key; None for nothing, and where the cache is unavailable."""
    return _try(cache.get, key, default=None)


def get_many(keys: Iterable[str]) -> dict[str, Any]:
    """What is kept under each of some keys, by one question; nothing where the cache is unavailable."""
    return dict(_try(cache.get_many, keys, default={}))


def put(key: str, value: Any, seconds: float) -> None:
    """Keep a value for some seconds."""
    _try(cache.set, key, value, seconds, default=None)


def put_many(values: Mapping[str, Any], seconds: float) -> None:
    """Keep values for some seconds, by one question."""
    _try(cache.set_many, values, seconds, default=None)


def add(key: str, value: Any, seconds: float) -> bool:
    """Keep a value unless one is kept already.

    :returns: False if one is; True also where the cache is unavailable
    """
    return bool(_try(cache.add, key, value, seconds, default=True))


def count(key: str) -> int | None:
    """Count one more under a key, from 1 on; no two callers get the same number.

    :returns: None where the cache is unavailable
    """
    _try(cache.add, key, 0, None, default=None)
    number: int | None = _try(cache.incr, key, default=None)
    return number


def delete(*keys: str) -> None:
    """Keep nothing under these keys any more."""
    _try(cache.delete_many, keys, default=None)


def _try(call: Callable[..., Any], *args: Any, default: Any) -> Any:
    """One call of the cache. Each backend fails with exceptions of its own, and none of them may stop a reset."""
    try:
        return call(*args)
    except Exception:  # noqa: BLE001  (only the cache backend's own code runs in here)
        LOG.warning("Horizon's cache is unavailable; continuing without it.")
        return default
