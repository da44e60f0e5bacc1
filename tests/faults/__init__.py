# SPDX-License-Identifier: Apache-2.0
"""The cloud's services stopped, frozen and killed under the dialogs, the Stuck Backups page and bulk runs."""
