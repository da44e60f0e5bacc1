# SPDX-License-Identifier: Apache-2.0
"""Short form on a Cinder of another release: stuck backups released by the plugin's addresses, with no browser."""
