# SPDX-License-Identifier: Apache-2.0
"""Which backups a page or a plan shows, in which order."""
