# SPDX-License-Identifier: Apache-2.0
"""In place: appends to what the metaclass made of the table class."""
