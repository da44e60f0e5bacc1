# SPDX-License-Identifier: Apache-2.0
"""What this plugin has been tried against: each fault that was found on it, provoked in a real cloud, row by row."""
