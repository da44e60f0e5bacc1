# SPDX-License-Identifier: Apache-2.0
"""What the pages and resets cost beside stock Horizon and the commands; see ``python -m tests.bench --help``."""
