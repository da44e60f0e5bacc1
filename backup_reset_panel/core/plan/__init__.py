# SPDX-License-Identifier: Apache-2.0
"""What can be done about a backup, in which steps, on what terms."""
