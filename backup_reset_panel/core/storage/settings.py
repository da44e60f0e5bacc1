# SPDX-License-Identifier: Apache-2.0
"""The setting ``STORAGE``: which store the backups of a region lie on. Shapes only; nothing is opened here.

.. code-block:: python

    BACKUP_RESET_PANEL = {"STORAGE": {
        "RegionOne": {"store": "swift"},
        "RegionTwo": {"store": "s3", "endpoint": "https://s3.example", "keys": "/etc/horizon/s3-keys"},
        "*": {"store": "files", "path": "/mnt/backups"},  # every other region
    }}
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

#: The key for every region that has none of its own.
ANY_REGION = "*"


@dataclasses.dataclass(frozen=True)
class Option:
    """One key of a store's settings.

    :param kind: text, url, path (absolute), switch, or account (a mapping of texts, see LOGIN)
    """

    kind: str
    default: Any = None
    is_needed: bool = False


#: Keys of every kind of store, by its name.
OPTIONS: Mapping[str, Mapping[str, Option]] = {
    "files": {"path": Option("path", is_needed=True)},
    "swift": {
        # "project": that of each backup (backup_swift_auth = per_user); else the one of this name (single_user).
        "account": Option("text", "project"),
        # Of the account, with {project_id}; the catalog's where it is not given.
        "url": Option("url"),
        "interface": Option("text", "public"),
        "region": Option("text"),
        # Whose token is used: that of the administrator who is logged in, or of an account of its own.
        "login": Option("account"),
        "cacert": Option("path"),
    },
    "s3": {
        "endpoint": Option("url", is_needed=True),
        # A file as the AWS command has it; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY where it is not given.
        "keys": Option("path"),
        "profile": Option("text", "default"),
        "region": Option("text", "us-east-1"),
        "path_style": Option("switch", True),
        "cacert": Option("path"),
    },
}
#: Keys of ``login``: a user with a password, or an application credential; the secret is in a file of its own.
LOGIN = {
    "auth_url", "secret_file", "username", "user_domain_name", "project_name", "project_domain_name",
    "application_credential_id",
}  # fmt: skip
_LOGIN_NEEDS = (
    {"auth_url", "secret_file", "application_credential_id"},
    {"auth_url", "secret_file", "username", "project_name"},
)
_KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "text": (lambda value: isinstance(value, str) and value != "", "a text"),
    "url": (lambda value: isinstance(value, str) and _is_url(value), "a URL that begins with http:// or https://"),
    "path": (lambda value: isinstance(value, str) and value.startswith("/"), "an absolute path"),
    "switch": (lambda value: isinstance(value, bool), "True or False"),
    "account": (lambda value: isinstance(value, dict), "a dict"),
}


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username


def region_problems(entry: Any) -> list[tuple[str, str]]:
    """What is wrong with the settings of one region.

    :returns: (key, problem) pairs; the key is empty where it is about the whole
    """
    if not isinstance(entry, dict):
        return [("", f"must be a dict, not a {type(entry).__name__}")]
    kind = entry.get("store")
    if not isinstance(kind, str) or kind not in OPTIONS:
        return [("store", f"must be one of {', '.join(map(repr, OPTIONS))}")]
    options = OPTIONS[kind]
    found = [
        (name, f"is no setting of the store {kind!r}") for name in entry if name not in options and name != "store"
    ]
    found += [(name, "is needed") for name, option in options.items() if option.is_needed and name not in entry]
    for name, option in options.items():
        is_right, wanted = _KINDS[option.kind]
        # Not the value: it may be a secret that was put into the wrong place.
        if name in entry and not is_right(entry[name]):
            found.append((name, f"must be {wanted}"))
    if isinstance(entry.get("login"), dict):
        found += _login_problems(entry["login"])
    if kind == "swift" and isinstance(entry.get("url"), str):
        found += _template_problems(entry["url"])
    return found


def _login_problems(login: dict[Any, Any]) -> list[tuple[str, str]]:
    found = [
        ("login", f"has no key {name!r}; a secret belongs into the file 'secret_file'")
        for name in login
        if name not in LOGIN
    ]
    if any(not isinstance(value, str) or not value for value in login.values()):
        found.append(("login", "must hold texts only"))
    if not any(needed <= set(login) for needed in _LOGIN_NEEDS):
        ways = " or ".join(", ".join(sorted(needed)) for needed in _LOGIN_NEEDS)
        found.append(("login", f"needs {ways}"))
    if not _KINDS["path"][0](login.get("secret_file", "/")):
        found.append(("login", "'secret_file' must be an absolute path"))
    return found


def _template_problems(url: str) -> list[tuple[str, str]]:
    if set("{}") & set(url.replace("{project_id}", "")):
        return [("url", "may have no braces but those of {project_id}")]
    return []


def problems(value: Any) -> list[str]:
    """What is wrong with the setting, a line each: ``['RegionOne']['path'] must be an absolute path``."""
    if not isinstance(value, dict):
        return [f" must be a dict, not a {type(value).__name__}"]
    lines = []
    for region, entry in value.items():
        if not isinstance(region, str):
            lines.append(f" must have the names of regions, or {ANY_REGION!r}, as keys")
            continue
        lines += [f"[{region!r}]{f'[{name!r}]' if name else ''} {problem}" for name, problem in region_problems(entry)]
    return lines


def of_region(value: Any, region: str) -> dict[str, Any] | None:
    """The settings of one region, defaults filled in.

    :param value: the setting
    :returns: None: there is none, or it cannot be used
    """
    if not isinstance(value, dict):
        return None
    entry = value.get(region, value.get(ANY_REGION))
    if entry is None or region_problems(entry):
        return None
    defaults = {name: option.default for name, option in OPTIONS[entry["store"]].items()}
    return {**defaults, **entry}
