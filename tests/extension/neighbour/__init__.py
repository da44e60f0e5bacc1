# SPDX-License-Identifier: Apache-2.0
"""Another vendor's plugin for Horizon's Volume Backups table, in the three styles that are found in the wild."""
