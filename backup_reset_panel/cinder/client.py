# SPDX-License-Identifier: Apache-2.0
"""Clients of our own: with time-outs, and without any way to log in again.

Horizon's memoized Cinder client has no time-out, and python-cinderclient's password client answers a 401 by logging
in with the token as password: a bulk run over an expired token could lock the administrator's account. A keystoneauth
session with a fixed token does neither.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import requests
from cinderclient import client as cinder_client
from cinderclient import exceptions as cinder_exceptions
from django.conf import settings
from horizon import exceptions as horizon_exceptions
from keystoneauth1 import exceptions as keystoneauth_exceptions
from keystoneauth1 import session as keystoneauth_session
from keystoneauth1 import token_endpoint

from backup_reset_panel.cinder import connections
from backup_reset_panel.cinder.hanging import Hangs
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind

#: Below 3.49 the services list asks no scheduler (a call that hangs in an outage); from 3.45 lists can count, from 3.43
#: backups have metadata, from 3.31 an unknown filter of a non-admin is refused instead of ignored.
MICROVERSION = "3.45"
#: Of one request, from the moment that it has a connection.
READ_SECONDS = 1.8
SEND_SECONDS = 5.0
#: For a connection that is free.
PATIENCE_SECONDS = 5.0
#: The names under which catalogs list the block storage service, newest first (as Horizon itself looks them up).
SERVICE_TYPES = ("block-storage", "block-store", "volumev3", "volume")

_KINDS = {
    400: FaultKind.BAD_REQUEST,
    401: FaultKind.TOKEN_REFUSED,
    403: FaultKind.FORBIDDEN,
    404: FaultKind.NO_SUCH_BACKUP,
    409: FaultKind.CONFLICT,
    413: FaultKind.OVER_LIMIT,
    429: FaultKind.OVER_LIMIT,
}


class CinderFault(Exception):
    """A request that gave no usable answer; ``fault`` says which kind."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.kind.value} {fault.code or ''} {fault.request_id}".strip())
        self.fault = fault


@dataclasses.dataclass(frozen=True)
class Login:
    """By whom, and where, the cloud is asked.

    :param person: whose requests these are: people wait for their own, not for each other's
    :param token: Keystone's; in no log
    :param volume_url: the endpoint of block storage
    :param identity_url: Keystone's, empty where the catalog lists none
    :param region: Keystone's
    :param project_id: that the token is for
    :param verify: the CA file, or whether to look at certificates at all
    """

    person: str
    token: str = dataclasses.field(repr=False)
    volume_url: str
    identity_url: str = ""
    region: str = ""
    project_id: str = ""
    verify: bool | str = True

    @classmethod
    def of(cls, request: Any) -> Login:
        """That of a logged-in user of Horizon.

        :param request: Django request
        :raises CinderFault: NO_ENDPOINT, when the service catalog lists no block storage
        """
        volume_url = _endpoint(request, SERVICE_TYPES)
        if not volume_url:
            raise CinderFault(Fault(FaultKind.NO_ENDPOINT))
        return cls(
            person=request.user.id,
            token=request.user.token.id,
            volume_url=volume_url,
            identity_url=_endpoint(request, ("identity",)) or "",
            region=request.user.services_region or "",
            project_id=request.user.tenant_id or "",
            verify=False if settings.OPENSTACK_SSL_NO_VERIFY else (settings.OPENSTACK_SSL_CACERT or True),
        )


class Cloud:
    """What is needed to talk to the cloud for a while: made in one thread, then safe to hand to others."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self.person = login.person
        self.region = login.region
        self.project_id = login.project_id
        self.reads = self._cinder(READ_SECONDS)

    @classmethod
    def of(cls, request: Any) -> Cloud:
        """That of one Django request of a logged-in user.

        :raises CinderFault: NO_ENDPOINT
        """
        return cls(Login.of(request))

    @functools.cached_property
    def sends(self) -> Any:
        """The client for what changes something."""
        return self._cinder(SEND_SECONDS)

    def _session(self, endpoint: str, seconds: float) -> keystoneauth_session.Session:
        auth = token_endpoint.Token(endpoint, self._login.token)
        shared = connections.session(self.person, PATIENCE_SECONDS)
        return keystoneauth_session.Session(auth=auth, session=shared, verify=self._login.verify, timeout=seconds)

    def _cinder(self, seconds: float) -> Any:
        session = self._session(self._login.volume_url, seconds)
        return cinder_client.Client(MICROVERSION, session=session, service_type="volumev3", http_log_debug=False)

    def identity(self, path: str) -> Any:
        """GET a document from Keystone.

        :param path: below the versioned root, such as ``/projects/<id>``
        :returns: the decoded JSON
        :raises keystoneauth1.exceptions.ClientException: whatever went wrong
        """
        base_url = self._login.identity_url.rstrip("/")
        url = base_url if base_url.endswith("/v3") else base_url + "/v3"
        return self._session(url, READ_SECONDS).get(url + path).json()


def _endpoint(request: Any, service_types: tuple[str, ...]) -> str | None:
    """The URL of the first of these services that is in the user's catalog, None where none is."""
    # With it come all of Horizon's clients, for which the check for cron would wait and has no use.
    from openstack_dashboard.api import base

    for service_type in service_types:
        try:
            return str(base.url_for(request, service_type))
        except horizon_exceptions.ServiceCatalogException:
            continue
    return None


def asked(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Make one client call, and turn every way in which it can fail into CinderFault.

    KeyError and its like are how python-cinderclient fails on an answer that is JSON, but not Cinder's; our own
    mistakes are made outside of the call and pass through.

    :param call: a client's method, with its arguments
    :returns: what the client returns
    :raises CinderFault: any kind but NO_SERVICE and NO_ENDPOINT
    """
    try:
        return call(*args, **kwargs)
    except cinder_exceptions.ClientException as exc:
        raise CinderFault(_from_answer(exc)) from exc
    except keystoneauth_exceptions.ConnectionError as exc:
        raise CinderFault(_from_connection(exc)) from exc
    except (keystoneauth_exceptions.ClientException, LookupError, TypeError, AttributeError, ValueError) as exc:
        raise CinderFault(Fault(FaultKind.GARBLED, detail=type(exc).__name__)) from exc


def _from_answer(exc: Any) -> Fault:
    code = int(exc.code)
    kind = _KINDS.get(code) or (FaultKind.SERVER_ERROR if code >= 500 else FaultKind.OTHER_ANSWER)
    detail = "" if exc.message in (None, "n/a") else str(exc.message)
    return Fault(kind, code, detail, (exc.request_id or "")[:_LONGEST_ID])


#: Cinder's request ids have 40 characters; what a client made up itself can be of any length.
_LONGEST_ID = 60


def _from_connection(exc: keystoneauth_exceptions.ConnectionError) -> Fault:
    """What went wrong before there was an answer, and whether anything had left by then."""
    if isinstance(exc, keystoneauth_exceptions.SSLError):
        return Fault(FaultKind.UNTRUSTED, detail=str(exc)[:300])
    if _was_raised_by(exc, connections.NoneFree) or _was_raised_by(exc, Hangs):
        return Fault(FaultKind.BUSY)
    if _was_raised_by(exc, requests.exceptions.ConnectTimeout) or _never_connected(exc):
        return Fault(FaultKind.NO_CONNECTION)
    if isinstance(exc, keystoneauth_exceptions.ConnectTimeout):
        return Fault(FaultKind.TIMED_OUT)
    if isinstance(exc, keystoneauth_exceptions.ConnectFailure):
        return Fault(FaultKind.BROKEN_OFF)
    return Fault(FaultKind.NO_CONNECTION, detail=type(exc).__name__)


def _causes(exc: BaseException) -> Iterator[BaseException]:
    """An exception and all that led to it."""
    seen: BaseException | None = exc
    while seen is not None:
        yield seen
        reason = getattr(seen.args[0], "reason", None) if seen.args else None
        seen = reason if isinstance(reason, BaseException) else (seen.__cause__ or seen.__context__)


def _was_raised_by(exc: BaseException, kind: type[BaseException]) -> bool:
    return any(isinstance(each, kind) for each in _causes(exc))


def _never_connected(exc: BaseException) -> bool:
    """Whether no byte was sent: the connection was refused or the name not found.

    urllib3 says so with NewConnectionError or NameResolutionError; anything else may have broken off after the
    request was sent.
    """
    names = ("NewConnectionError", "NameResolutionError", "ConnectionRefusedError")
    return any(type(each).__name__ in names for each in _causes(exc))
