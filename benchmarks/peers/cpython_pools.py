"""The race of the pools with CPython's ProcessPoolExecutor of two; prints the numbers as JSON: `cpython_pools.py start|tree|pinned|whole`."""

import json
import resource
import statistics
import sys
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait

MIB = 2**20


def nothing():
    pass


def square(value):
    return value * value


def echo(value):
    return value


def make(size):
    return b"\7" * size


def peak_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def throughput(pool, duration_s):
    start = time.perf_counter()
    ended = 0
    waiting = {pool.submit(nothing) for _ in range(64)}
    while time.perf_counter() - start < duration_s:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        ended += len(done)
        waiting |= {pool.submit(nothing) for _ in done}
    tasks_per_ms = ended / (time.perf_counter() - start) / 1000
    wait(waiting)
    return tasks_per_ms


def round_trip_us(pool, duration_s):
    start = time.perf_counter()
    durations = []
    while (at := time.perf_counter()) - start < duration_s:
        pool.submit(nothing).result()
        durations.append(time.perf_counter() - at)
    return statistics.median(durations) * 1e6


def least_s(times, call):
    least = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        call()
        least = min(least, time.perf_counter() - start)
    return least


def tree():
    return [
        {
            "id": index,
            "name": f"record {index}",
            "price": index * 1.25,
            "tags": ["red", "green", f"tag{index % 7}"],
            "at": {"x": index % 100, "y": -index, "isOpen": index % 2 == 0, "note": None, "label": f"label of {index}"},
        }
        for index in range(6000)
    ]


def measure_tree(pool):
    objects = tree()
    text_bytes = len(json.dumps(objects, separators=(",", ":")))
    return {"treeMBs": 2 * text_bytes / 1e6 / least_s(24, lambda: pool.submit(echo, objects).result())}


def measure(pool):
    throughput(pool, 0.15)
    numbers = {
        "tasksPerMs": throughput(pool, 0.4),
        "roundTripUs": round_trip_us(pool, 0.2),
        "mapOneMs": 1000 * least_s(2, lambda: list(pool.map(square, range(10_000)))),
        "mapTunedMs": 1000 * least_s(7, lambda: list(pool.map(square, range(10_000), chunksize=256))),
    }
    small = b"\1" * 1024
    mib = b"\1" * MIB
    large = b"\1" * (64 * MIB)
    numbers |= {
        "smallMBs": 2 * 1024 * 256 / 1e6 / least_s(8, lambda: list(pool.map(echo, [small] * 256))),
        "upMBs": MIB / 1e6 / least_s(12, lambda: pool.submit(len, mib).result()),
        "largeUpMBs": 64 * MIB / 1e6 / least_s(4, lambda: pool.submit(len, large).result()),
        "largeDownMBs": 64 * MIB / 1e6 / least_s(4, lambda: pool.submit(make, 64 * MIB).result()),
        "largeMBs": 2 * 64 * MIB / 1e6 / least_s(4, lambda: pool.submit(echo, large).result()),
    }
    peaks = [future.result() for future in [pool.submit(peak_bytes) for _ in range(4)]]
    return numbers | {"parentPeakMB": peak_bytes() / 1e6, "childrenPeakMB": 2 * max(peaks) / 1e6}


def main():
    start = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        pool.submit(nothing).result()
        start_ms = 1000 * (time.perf_counter() - start)
        part = sys.argv[1]
        if part == "start":
            numbers = {"startMs": start_ms}
        elif part == "tree":
            numbers = measure_tree(pool)
        elif part == "pinned":
            round_trip_us(pool, 1)
            numbers = {"pinnedUs": round_trip_us(pool, 0.2)}
        else:
            numbers = measure(pool)
    print(json.dumps(numbers))


if __name__ == "__main__":
    main()
