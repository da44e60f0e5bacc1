# SPDX-License-Identifier: Apache-2.0
"""The dialogs in a real browser: Horizon served in this process, a FakeCinder in the cloud's place."""
