"""500 tasks that do next to nothing: a warm pool against a plain loop."""

from concurrent.futures import ProcessPoolExecutor
from statistics import median
from time import perf_counter

INPUTS = range(500)


def double(number):
    return 2 * number


def timed(calculate):
    """The median of nine, in milliseconds; the first one warms up."""
    times = []
    for turn in range(10):
        start = perf_counter()
        calculate()
        if turn > 0:
            times.append(1000 * (perf_counter() - start))
    return median(times)


if __name__ == "__main__":
    with ProcessPoolExecutor(max_workers=3) as pool:
        pool_ms = timed(lambda: list(pool.map(double, INPUTS)))
        loop_ms = timed(lambda: [double(number) for number in INPUTS])
    print(f"pool: {pool_ms:.3f} ms")
    print(f"loop: {loop_ms:.3f} ms")
    factor = round(pool_ms / loop_ms)
    print(f"the pool took {factor} times as long as the loop")
