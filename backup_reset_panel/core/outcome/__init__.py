# SPDX-License-Identifier: Apache-2.0
"""What became of what was sent, and in which words that is told."""
