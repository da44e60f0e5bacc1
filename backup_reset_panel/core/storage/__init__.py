# SPDX-License-Identifier: Apache-2.0
"""What a backup's own objects prove about it: listings and manifests in, a Finding out. No I/O.

naming (where a backup's objects are) → manifest, sha256file (what they say) → compare (do they agree) → texts.
The facts are those of Cinder 29.0.0, ``cinder/backup/chunkeddriver.py``: parts are written first, then ``_sha256file``,
then ``_metadata`` (here: the manifest), then ``object_count`` in the database. So a manifest proves that all parts were
written once; the listing, that they are still there.
"""
