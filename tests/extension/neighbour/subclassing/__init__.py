# SPDX-License-Identifier: Apache-2.0
"""By Horizon's documented recipe: a subclass of the table, put in its place."""
