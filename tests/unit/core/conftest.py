# SPDX-License-Identifier: Apache-2.0
"""How hard the property tests try: as many examples as cost seconds, however slow the machine."""

import hypothesis

hypothesis.settings.register_profile("short", deadline=None, max_examples=100)
hypothesis.settings.load_profile("short")
