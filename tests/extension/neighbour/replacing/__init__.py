# SPDX-License-Identifier: Apache-2.0
"""By REMOVE_PANEL and ADD_PANEL: a panel of its own under the stock panel's slug."""
