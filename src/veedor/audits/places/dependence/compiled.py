"""The loop over pairs of zones, compiled by numba when it is first called.

Import it where it is used, not at the top of a module: numba takes its time to load. A test holds
it against a plain version.
"""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats
from veedor.compiling import compiled


@compiled
def pair_products(
    x_m: Floats, y_m: Floats, values: Floats, exact: int, widest: float, steps: int, fine: int
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Products of values over unordered pairs of zones, by how far and which way they are apart.

    `values` has shape (n, k). Returns the pairs of each class, shape (4 steps,), and their
    products (4 steps, k), by distance and four directions; the pairs, the sum of distances,
    shape (fine,), and the products of the first `exact` values, by distance alone.
    """
    n, k = values.shape
    pairs, products = np.zeros(4 * steps), np.zeros((4 * steps, k))
    fine_pairs, apart, fine_products = np.zeros(fine), np.zeros(fine), np.zeros((fine, exact))
    eighth = np.sqrt(2.0) - 1.0  # tangent of half of 45 degrees
    for i in range(n):
        for j in range(i):
            dx, dy = x_m[i] - x_m[j], y_m[i] - y_m[j]
            wide, high = abs(dx), abs(dy)
            if high < eighth * wide:
                way = 0
            elif wide <= eighth * high:
                way = 2
            elif dx * dy > 0.0:
                way = 1
            else:
                way = 3
            distance = np.sqrt(dx * dx + dy * dy)
            at = 4 * min(int(distance * (steps / widest)), steps - 1) + way
            near = min(int(distance * (fine / widest)), fine - 1)
            pairs[at] += 1.0
            fine_pairs[near] += 1.0
            apart[near] += distance
            for v in range(k):
                product = values[i, v] * values[j, v]
                products[at, v] += product
                if v < exact:
                    fine_products[near, v] += product
    return pairs, products, fine_pairs, apart, fine_products
