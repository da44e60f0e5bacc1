# SPDX-License-Identifier: Apache-2.0
"""A bulk run: plan, confirm, carry out chunk by chunk."""
