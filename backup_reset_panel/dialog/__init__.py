# SPDX-License-Identifier: Apache-2.0
"""The dialog for one backup: from a click to an outcome that was seen."""
