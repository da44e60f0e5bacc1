# SPDX-License-Identifier: Apache-2.0
"""Files that switch the plugin on: copy _2235_*.py to Horizon's local/enabled."""
