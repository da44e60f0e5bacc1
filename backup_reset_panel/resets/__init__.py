# SPDX-License-Identifier: Apache-2.0
"""One reset from its decision to its end: the same for a dialog and for a bulk run."""
