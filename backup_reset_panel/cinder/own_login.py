# SPDX-License-Identifier: Apache-2.0
"""A log-in of our own, for what runs without a user of Horizon: from ``clouds.yaml`` or ``OS_*``, as every client."""

from __future__ import annotations

import openstack.config
import openstack.exceptions
from keystoneauth1 import exceptions as keystoneauth_exceptions

from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.client import Login

#: Keystone may have to look a password up elsewhere (LDAP).
LOG_IN_SECONDS = 20.0


class NoLogin(Exception):
    """There are no credentials, or they are refused; the text says which."""


def own_cloud(name: str | None = None) -> Cloud:
    """Log in, once.

    :param name: of a cloud in ``clouds.yaml``, None: ``OS_CLOUD``, or else the other ``OS_*`` variables
    :raises NoLogin: see there
    """
    try:
        config = openstack.config.OpenStackConfig().get_one(cloud=name)
        session = config.get_session()
        # Of each request: run by cron, one that hangs would be joined by the next.
        session.timeout = LOG_IN_SECONDS
        auth = session.auth
        where = {"interface": config.get_interface() or "public", "region_name": config.get_region_name()}
        volume_url = session.get_endpoint(service_type="block-storage", **where)
        token, person, project_id = session.get_token(), session.get_user_id(), session.get_project_id()
        identity_url = session.get_endpoint(service_type="identity", **where) or auth.auth_url
    except openstack.exceptions.ConfigException as exc:
        raise NoLogin(f"There are no credentials that can be used: {exc}") from exc
    except keystoneauth_exceptions.ClientException as exc:
        raise NoLogin(f"Keystone gave no token: {exc}") from exc
    if not volume_url:
        raise NoLogin("The service catalog lists no block storage in this region.")
    return Cloud(
        Login(
            person=person or "",
            token=token,
            volume_url=volume_url,
            identity_url=identity_url,
            region=config.get_region_name() or "",
            project_id=project_id or "",
            verify=session.verify,
        )
    )
