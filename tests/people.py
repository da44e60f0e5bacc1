# SPDX-License-Identifier: Apache-2.0
"""People who are logged in to Horizon, without a Keystone."""

import datetime
import types

from keystoneauth1 import access
from keystoneauth1 import fixture
from openstack_auth import user as auth_user

from tests.fake_cinder import CINDER
from tests.fake_cinder import KEYSTONE


def person(*roles, project="admin-project", region="RegionOne"):
    """A logged-in Horizon user with these roles in one project, made from a Keystone token document."""
    document = fixture.V3Token(
        user_id="someone", user_name="someone", expires=datetime.datetime(2099, 1, 1, tzinfo=datetime.timezone.utc)
    )
    document.set_project_scope(id=project, name=project)
    for role in roles:
        document.add_role(id=role, name=role)
    for kind, name, url in (("block-storage", "cinder", CINDER), ("identity", "keystone", KEYSTONE)):
        service = document.add_service(kind, name=name)
        for each in ("RegionOne", "RegionTwo"):
            service.add_standard_endpoints(public=url, region=each)
    granted = access.create(body=document, auth_token="a-secret-token")
    user = auth_user.create_user_from_token(
        types.SimpleNamespace(session={}), auth_user.Token(granted), KEYSTONE, region
    )
    user._is_system_user = False
    user._authorized_tenants = [types.SimpleNamespace(id=project, name=project, enabled=True)]
    return user
