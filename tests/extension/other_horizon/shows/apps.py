# SPDX-License-Identifier: Apache-2.0
from django import apps


class ShowsConfig(apps.AppConfig):
    name = "tests.extension.other_horizon.shows"

    def ready(self):
        from tests.extension.other_horizon import hidden

        hidden.show()
