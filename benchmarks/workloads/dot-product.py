"""The twin of dot-product.ts: one multiplication a number, and every number has to be moved."""


def dot_product(part):
    """The sum of the products of their entries."""
    left, right = part["left"], part["right"]
    total = 0.0
    for index in range(len(left)):
        total += left[index] * right[index]
    return total
