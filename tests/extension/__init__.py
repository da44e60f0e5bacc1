# SPDX-License-Identifier: Apache-2.0
"""The plugin among others: what is left of Horizon's table, and of theirs."""
