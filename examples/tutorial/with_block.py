"""The block owns the pool: it is shut down however the block ends."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pool import count_primes

if __name__ == "__main__":
    with ProcessPoolExecutor(max_workers=3) as pool:
        for line in pool.map(count_primes, [10_000, 20_000, 30_000]):
            print(line)
    alive = len(multiprocessing.active_children())
    print(f"workers alive after the block: {alive}")
