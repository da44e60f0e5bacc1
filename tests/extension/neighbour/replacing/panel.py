# SPDX-License-Identifier: Apache-2.0
from openstack_dashboard.dashboards.admin.backups import panel


class Backups(panel.Backups):
    """The stock panel, with the URLs, views and templates beside this file."""
