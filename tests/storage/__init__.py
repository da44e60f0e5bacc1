# SPDX-License-Identifier: Apache-2.0
"""What the check on storage finds on real stores: files, a real Swift, and its S3 API."""
