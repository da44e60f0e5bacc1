# SPDX-License-Identifier: Apache-2.0
"""What Cinder's record of a backup proves."""
