# SPDX-License-Identifier: Apache-2.0
"""What can be known about backups, asked by one set of sources for one and for many."""
