# SPDX-License-Identifier: Apache-2.0
"""What we decide, free of Django, of requests and of clients."""
