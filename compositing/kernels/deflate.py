# mypy: allow-untyped-defs
"""Deflate (RFC 1951) for differences between neighbours: Huffman's code and runs, no other matches.

A token is a byte, or from 256 on a run: it repeats the byte before it `token − 253` times.
"""

import numpy as np
from numba.core.types import Array, boolean, int64, uint32
from numpy.typing import NDArray

from compositing.kernels.jit import U8_1, compiled_to, inlined

SHORTEST, LONGEST = 3, 258
RUN = 256 - SHORTEST
TOKENS = 256 + LONGEST - SHORTEST + 1
END, SYMBOLS = 256, 286
DEEPEST = 15  # bits of a code, at most
BLOCK = 1 << 16  # tokens that share a code
# A block with codes of its own, 286 symbols, 1 distance and 19 lengths: first come 16, 17 and 18,
# which aren't used, then all others, which have codes of 4 bits.
HEAD = np.array([2, 29, 0, 15, *[0] * 3, *[4] * 16])
HEAD_BITS = np.array([2, 5, 5, 4, *[3] * 19])
OUT = Array(uint32, 1, "C")

type Places = NDArray[np.int64]


def _runs() -> tuple[Places, Places, Places]:
    """Symbol, further bits and how many these are, of each token: RFC 1951, 3.2.5."""
    symbol, more, bits = np.arange(TOKENS), np.zeros(TOKENS, np.int64), np.zeros(TOKENS, np.int64)
    beyond = np.arange(LONGEST - SHORTEST)
    extra = np.maximum(np.frexp(np.maximum(beyond, 1))[1] - 3, 0)
    symbol[256:-1] = 257 + 4 * extra + (beyond >> extra)
    more[256:-1], bits[256:-1] = beyond % (1 << extra), extra
    symbol[-1] = SYMBOLS - 1  # the longest has a symbol of its own
    return symbol, more, bits


SYMBOL, MORE, MORE_BITS = _runs()


def room(size: int) -> int:
    """How many numbers `deflate` may need to code this many bytes."""
    # A byte has a code of 15 bits at most, and what is before a block has 1300.
    return size // 2 + 64 * (size // BLOCK + 2)


@inlined
def _split(data, start, tokens, counts):
    """Tokens of the data from `start` on, until they are a block or all. How many, and where to go
    on."""
    counts[:] = 0
    size, place = 0, start
    while place < data.size and size < tokens.size:
        token = np.int64(data[place])
        next_ = place + 1
        if place > 0 and data[place - 1] == token:
            end = min(place + LONGEST, data.size)
            while next_ < end and data[next_] == token:
                next_ += 1
            if next_ - place >= SHORTEST:
                token = next_ - place + RUN
            else:
                next_ = place + 1
        place = next_
        tokens[size] = token
        counts[token] += 1
        size += 1
    return size, place


@inlined
def _sorted(weights, leaves):
    """The symbols that have a weight, the lightest first; returns how many. By insertion: there are
    few, and numba is slow to compile NumPy's."""
    size = 0
    for symbol in range(weights.size):
        if weights[symbol] == 0:
            continue
        place = size
        while place > 0 and weights[leaves[place - 1]] > weights[symbol]:
            leaves[place] = leaves[place - 1]
            place -= 1
        leaves[place] = symbol
        size += 1
    return size


@inlined
def _depths(weights, depths):
    """How many bits each symbol's code has, 0 where its weight is 0: D. Huffman, 1952."""
    leaves = np.empty(SYMBOLS, np.int64)
    weight, parent = np.empty(2 * SYMBOLS, np.int64), np.empty(2 * SYMBOLS, np.int64)
    depth = np.empty(2 * SYMBOLS, np.int64)
    deepest = DEEPEST + 1
    while deepest > DEEPEST:
        size = _sorted(weights, leaves)
        root = 2 * size - 2
        for i in range(size):
            weight[i] = weights[leaves[i]]
        leaf, inner = 0, size
        for node in range(size, root + 1):
            weight[node] = 0
            for _ in range(2):  # the two lightest that have no parent yet
                if leaf < size and (inner == node or weight[leaf] <= weight[inner]):
                    child = leaf
                    leaf += 1
                else:
                    child = inner
                    inner += 1
                parent[child] = node
                weight[node] += weight[child]
        depth[root] = deepest = 0
        for node in range(root - 1, -1, -1):
            depth[node] = depth[parent[node]] + 1
            deepest = max(deepest, depth[node])
        for i in range(size):
            depths[leaves[i]] = depth[i]
            weights[leaves[i]] = (weights[leaves[i]] + 1) // 2  # if need be, more alike


@inlined
def _codes(depths, codes):
    """The canonical code of each symbol, the first bit lowest: RFC 1951, 3.2.2."""
    code = 0
    for depth in range(1, DEEPEST + 1):
        code *= 2
        for symbol in range(depths.size):
            if depths[symbol] == depth:
                codes[symbol] = _turned(code, depth)
                code += 1


@inlined
def _turned(code, bits):
    """The first bit last."""
    turned = 0
    for _ in range(bits):
        turned = 2 * turned + code % 2
        code //= 2
    return turned


@inlined
def _put(value, bits, out, place, held, filled):
    """Append bits: `held` has those that don't fill a number of `out` yet. With no branch, for no
    processor could foresee it."""
    held |= np.uint64(value) << np.uint64(filled)
    filled += bits
    out[place] = np.uint32(held)
    full = filled >> 5
    return place + full, held >> np.uint64(32 * full), filled & 31


@compiled_to(int64, (U8_1, boolean, OUT))
def deflate(data, last, out):
    """Code data into `out`, whose bytes are as many as returned. last: whether nothing follows;
    otherwise it ends with a whole byte.

    `out` must have `room`.
    """
    tokens, counts = np.empty(BLOCK, np.uint16), np.empty(TOKENS, np.int64)
    depths, codes = np.empty(SYMBOLS, np.int64), np.empty(SYMBOLS, np.int64)
    values, widths = np.empty(TOKENS, np.uint32), np.empty(TOKENS, np.int64)
    start, place, held, filled = 0, 0, np.uint64(0), 0
    while start < data.size:
        size, start = _split(data, start, tokens, counts)
        weights = np.zeros(SYMBOLS, np.int64)
        weights[END] = 1
        for token in range(TOKENS):
            weights[SYMBOL[token]] += counts[token]
        depths[:] = 0
        _depths(weights, depths)
        _codes(depths, codes)
        for token in range(TOKENS):
            symbol = SYMBOL[token]
            values[token] = codes[symbol] | (MORE[token] << depths[symbol])
            # The only distance, 1, has a code of one bit, which is 0.
            widths[token] = depths[symbol] + MORE_BITS[token] + (token >= 256)
        ends = last and start == data.size
        place, held, filled = _put(np.int64(ends), 1, out, place, held, filled)
        for i in range(HEAD.size):
            place, held, filled = _put(HEAD[i], HEAD_BITS[i], out, place, held, filled)
        for symbol in range(SYMBOLS):
            place, held, filled = _put(_turned(depths[symbol], 4), 4, out, place, held, filled)
        place, held, filled = _put(_turned(1, 4), 4, out, place, held, filled)
        for i in range(size):
            token = tokens[i]
            place, held, filled = _put(values[token], widths[token], out, place, held, filled)
        place, held, filled = _put(codes[END], depths[END], out, place, held, filled)
    if not last:  # a block of nothing, not compressed
        place, held, filled = _put(0, 3, out, place, held, filled)
        place, held, filled = _put(0, -filled % 8, out, place, held, filled)
        place, held, filled = _put(0, 16, out, place, held, filled)
        place, held, filled = _put(65535, 16, out, place, held, filled)
    out[place] = np.uint32(held)
    return 4 * place + (filled + 7) // 8
