# SPDX-License-Identifier: Apache-2.0
from django import apps


class HidesConfig(apps.AppConfig):
    name = "tests.extension.other_horizon.hides"

    def ready(self):
        from tests.extension.other_horizon import hidden

        hidden.hide()
