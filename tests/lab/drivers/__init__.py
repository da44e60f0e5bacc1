# SPDX-License-Identifier: Apache-2.0
"""The lab's own storage: volumes that are files, and the gates at which their input and output can be held."""
