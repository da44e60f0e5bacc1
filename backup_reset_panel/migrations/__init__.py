# SPDX-License-Identifier: Apache-2.0
"""How the history's table came to be, for ``manage.py migrate``."""
