"""A pool of three processes, and two tasks."""

import os
from concurrent.futures import ProcessPoolExecutor


def count_primes(limit):
    count = 0
    for candidate in range(2, limit):
        divisor = 2
        while divisor * divisor <= candidate and candidate % divisor:
            divisor += 1
        count += divisor * divisor > candidate
    return f"{count} primes below {limit}, counted by process {os.getpid()}"


if __name__ == "__main__":
    pool = ProcessPoolExecutor(max_workers=3)
    first = pool.submit(count_primes, 40_000)
    second = pool.submit(count_primes, 60_000)
    print(f"submitted by process {os.getpid()}")
    print(first.result())
    print(second.result())
    pool.shutdown()
