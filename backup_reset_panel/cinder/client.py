# SPDX-License-Identifier: Apache-2.0
"""Clients of our own: with time-outs, and without any way to log in again.

Horizon's memoized Cinder client has no time-out, and python-cinderclient's password client answers a 401 by logging
in with the token as password: a bulk run over an expired token could lock the administrator's account. A keystoneauth
session with a fixed token does neither.
"""

import functools

from cinderclient import client as cinder_client
from cinderclient import exceptions as cinder_exceptions
from django.conf import settings
from horizon import exceptions as horizon_exceptions
from keystoneauth1 import exceptions as keystoneauth_exceptions
from keystoneauth1 import session as keystoneauth_session
from keystoneauth1 import token_endpoint
from openstack_dashboard.api import base

from backup_reset_panel.core.outcome import Fault
from backup_reset_panel.core.outcome import FaultKind

#: Below 3.49 the services list asks no scheduler (a call that hangs in an outage); from 3.45 lists can count, from 3.43
#: backups have metadata, from 3.31 an unknown filter of a non-admin is refused instead of ignored.
MICROVERSION = "3.45"
READ_SECONDS = 2
SEND_SECONDS = 5
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

    def __init__(self, fault):
        super().__init__(f"{fault.kind.value} {fault.code or ''} {fault.request_id}".strip())
        self.fault = fault


class Cloud:
    """What one Horizon request needs to talk to the cloud: made in the view's thread, then safe to hand to others.

    :param request: Django request of a logged-in user
    :raises CinderFault: NO_ENDPOINT, when the service catalog lists no block storage
    """

    def __init__(self, request):
        self._auth_token = request.user.token.id
        self._verify = False if settings.OPENSTACK_SSL_NO_VERIFY else (settings.OPENSTACK_SSL_CACERT or True)
        self._identity_url = (_endpoint(request, ("identity",)) or "").rstrip("/")
        self._volume_url = _endpoint(request, SERVICE_TYPES)
        if not self._volume_url:
            raise CinderFault(Fault(FaultKind.NO_ENDPOINT))
        self.region = request.user.services_region
        self.reads = self._cinder(READ_SECONDS)

    @functools.cached_property
    def sends(self):
        """The client for what changes something."""
        return self._cinder(SEND_SECONDS)

    def _session(self, endpoint, seconds):
        auth = token_endpoint.Token(endpoint, self._auth_token)
        return keystoneauth_session.Session(auth=auth, verify=self._verify, timeout=seconds)

    def _cinder(self, seconds):
        session = self._session(self._volume_url, seconds)
        return cinder_client.Client(MICROVERSION, session=session, service_type="volumev3", http_log_debug=False)

    def identity(self, path):
        """GET a document from Keystone.

        :param path: below the versioned root, such as ``/projects/<id>``
        :returns: the decoded JSON
        :raises keystoneauth1.exceptions.ClientException: whatever went wrong
        """
        url = self._identity_url if self._identity_url.endswith("/v3") else self._identity_url + "/v3"
        return self._session(url, READ_SECONDS).get(url + path).json()


def _endpoint(request, service_types):
    """The URL of the first of these services that is in the user's catalog, None where none is."""
    for service_type in service_types:
        try:
            return base.url_for(request, service_type)
        except horizon_exceptions.ServiceCatalogException:
            continue
    return None


def asked(call, *args, **kwargs):
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
    except keystoneauth_exceptions.ConnectTimeout as exc:
        raise CinderFault(Fault(FaultKind.TIMED_OUT)) from exc
    except keystoneauth_exceptions.ConnectFailure as exc:
        kind = FaultKind.NO_CONNECTION if _never_connected(exc) else FaultKind.BROKEN_OFF
        raise CinderFault(Fault(kind)) from exc
    except keystoneauth_exceptions.ConnectionError as exc:
        raise CinderFault(Fault(FaultKind.NO_CONNECTION, detail=type(exc).__name__)) from exc
    except (keystoneauth_exceptions.ClientException, LookupError, TypeError, AttributeError, ValueError) as exc:
        raise CinderFault(Fault(FaultKind.GARBLED, detail=type(exc).__name__)) from exc


def _from_answer(exc):
    code = int(exc.code)
    kind = _KINDS.get(code) or (FaultKind.SERVER_ERROR if code >= 500 else FaultKind.OTHER_ANSWER)
    detail = "" if exc.message in (None, "n/a") else str(exc.message)
    return Fault(kind, code, detail, exc.request_id or "")


def _never_connected(exc):
    """Whether no byte was sent: the connection was refused or the name not found.

    urllib3 says so with NewConnectionError or NameResolutionError; anything else may have broken off after the
    request was sent.
    """
    seen = exc
    while seen is not None:
        if type(seen).__name__ in ("NewConnectionError", "NameResolutionError", "ConnectionRefusedError"):
            return True
        reason = getattr(seen.args[0], "reason", None) if seen.args else None
        seen = reason if isinstance(reason, BaseException) else (seen.__cause__ or seen.__context__)
    return False
