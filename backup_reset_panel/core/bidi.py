# SPDX-License-Identifier: Apache-2.0
"""Names that run from right to left, in plain texts such as labels, titles and messages.

Cinder takes any name. In HTML ``<bdi>`` keeps a name from reordering what stands beside it; in a plain text only
characters can (Unicode's UAX 9).
"""

import unicodedata

#: FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE.
_BEGIN, _END = "\u2068", "\u2069"
#: Embeddings, overrides and isolates: within a name they could end the isolate that it is put into.
_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
#: The classes of characters that are shown from right to left, or that say so of others.
_REORDERING = frozenset({"R", "AL", "AN", "LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def isolated(name: str) -> str:
    """A name as it may stand within a plain text, whatever stands around it; most names are fit as they are."""
    if not any(unicodedata.bidirectional(character) in _REORDERING for character in name):
        return name
    return f"{_BEGIN}{name.translate(_CONTROLS)}{_END}"
