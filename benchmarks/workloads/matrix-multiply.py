"""The twin of matrix-multiply.ts: floating point on plain lists, of which every task needs a whole matrix."""


def multiply_rows(block):
    """The same rows of the product."""
    rows, right, order = block["rows"], block["right"], block["order"]
    product = [0.0] * len(rows)
    for start in range(0, len(rows), order):
        for inner in range(order):
            factor = rows[start + inner]
            right_start = inner * order
            # Along both rows, as in the original.
            for column in range(order):
                product[start + column] += factor * right[right_start + column]
    return product
