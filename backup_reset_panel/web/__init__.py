# SPDX-License-Identifier: Apache-2.0
"""What our views need of Horizon and Django."""
