# SPDX-License-Identifier: Apache-2.0
"""Who asks a store: the administrator who is logged in, or an account of the settings."""

from __future__ import annotations

import configparser
import dataclasses
import os
import threading
from typing import Any

from django.conf import settings as django_settings
from horizon import exceptions as horizon_exceptions
from keystoneauth1 import session as keystoneauth_session
from keystoneauth1.identity import v3
from keystoneauth1.token_endpoint import Token
from openstack_dashboard.api import base

from backup_reset_panel.storage.swift import CONNECT_SECONDS
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Trouble

SERVICE_TYPE = "object-store"


@dataclasses.dataclass(frozen=True)
class Access:
    """What of a logged-in administrator a store needs; made in the view's thread, then safe to hand to others.

    :param region: that the administrator works in
    :param project_id: of the token
    :param token: never shown
    :param url: of Swift for that region and project in the catalog; empty: the catalog has none
    """

    region: str = ""
    project_id: str = ""
    token: str = dataclasses.field(default="", repr=False)
    url: str = ""

    @classmethod
    def of(cls, request: Any) -> Access:
        """That of a Django request of a logged-in user."""
        user = request.user
        try:
            url = base.url_for(request, SERVICE_TYPE)
        except horizon_exceptions.ServiceCatalogException:
            url = ""
        return cls(user.services_region or "", user.tenant_id or "", user.token.id, url or "")


def verify(cacert: str | None) -> bool | str:
    """What to hold a server's certificate against: a CA of the store's settings, or as Horizon does."""
    if cacert:
        return cacert
    if getattr(django_settings, "OPENSTACK_SSL_NO_VERIFY", False):
        return False
    return getattr(django_settings, "OPENSTACK_SSL_CACERT", None) or True


def session_of_user(access: Access, url: str, cacert: str | None) -> keystoneauth_session.Session:
    """A session with the administrator's token, which cannot log in again.

    :raises StorageError: NOT_CONFIGURED, without a user
    """
    if not access.token:
        raise StorageError(Trouble.NOT_CONFIGURED, "there is no user whose token could be used")
    return keystoneauth_session.Session(auth=Token(url, access.token), verify=verify(cacert), timeout=CONNECT_SECONDS)


_LOGINS: dict[tuple[tuple[str, str], ...], tuple[str, Any]] = {}
_LOCK = threading.Lock()


def session_of_login(login: dict[str, str], cacert: str | None) -> keystoneauth_session.Session:
    """A session of an account of the settings; its token is kept for the process, and a new one asked for in time.

    :raises StorageError: NOT_CONFIGURED, when the file with the secret cannot be read
    """
    secret = read_secret(login["secret_file"])
    key = tuple(sorted(login.items()))
    with _LOCK:
        known = _LOGINS.get(key)
        if known is None or known[0] != secret:
            known = _LOGINS[key] = (secret, _plugin(login, secret))
    return keystoneauth_session.Session(auth=known[1], verify=verify(cacert), timeout=2 * CONNECT_SECONDS)


def _plugin(login: dict[str, str], secret: str) -> Any:
    if "application_credential_id" in login:
        return v3.ApplicationCredential(
            login["auth_url"],
            application_credential_secret=secret,
            application_credential_id=login["application_credential_id"],
        )
    return v3.Password(
        login["auth_url"],
        password=secret,
        username=login["username"],
        project_name=login["project_name"],
        user_domain_name=login.get("user_domain_name", "Default"),
        project_domain_name=login.get("project_domain_name", "Default"),
    )


def read_secret(path: str) -> str:
    """The one line of a file.

    :raises StorageError: NOT_CONFIGURED; its detail names the file only
    """
    try:
        with open(path, encoding="utf-8") as file:
            return file.readline(4096).strip()
    except (OSError, ValueError) as exc:
        raise StorageError(Trouble.NOT_CONFIGURED, f"{path} cannot be read: {type(exc).__name__}") from exc


def s3_keys(path: str | None, profile: str) -> tuple[str, str]:
    """Access key and secret key, from a file as the AWS command has it, or from the environment.

    :param path: None: the environment
    :raises StorageError: NOT_CONFIGURED; its detail names the place only
    """
    if path is None:
        keys = tuple(os.environ.get(name, "") for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
        place = "the environment has no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    else:
        parser = configparser.ConfigParser(interpolation=None)
        place = f"{path} has no aws_access_key_id and aws_secret_access_key in [{profile}]"
        try:
            with open(path, encoding="utf-8") as file:
                parser.read_file(file)
            keys = tuple(parser[profile].get(name, "") for name in ("aws_access_key_id", "aws_secret_access_key"))
        except (OSError, KeyError, ValueError, configparser.Error) as exc:
            # Without what the parser says: it quotes lines.
            raise StorageError(Trouble.NOT_CONFIGURED, f"{place}: {type(exc).__name__}") from None
    if not all(keys):
        raise StorageError(Trouble.NOT_CONFIGURED, place)
    return keys[0], keys[1]
