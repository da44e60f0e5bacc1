# SPDX-License-Identifier: Apache-2.0
"""A Horizon that has not got a name which we need: hidden before our start, and back for Horizon's own use after it."""
