# SPDX-License-Identifier: Apache-2.0
"""The history of resets: a table by Django's ORM, where the site says so and Horizon has a database."""
