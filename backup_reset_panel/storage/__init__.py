# SPDX-License-Identifier: Apache-2.0
"""The stores that backups lie on: read, never written.

types (the interface) ← files, swift, s3 (the stores) ← stores (opens the one that the settings name) ← locate, look,
check (level 1: names, sizes, checksums), one_part, reading (level 3: contents) ← entry (what views call).
"""
