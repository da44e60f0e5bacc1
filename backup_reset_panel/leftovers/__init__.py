# SPDX-License-Identifier: Apache-2.0
"""The Left-overs page, and the dialog of one left-over."""
