# SPDX-License-Identifier: Apache-2.0
"""A Horizon plugin that releases stuck Cinder volume backups."""
