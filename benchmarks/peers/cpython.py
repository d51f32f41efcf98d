"""The contract's scenarios with CPython's ProcessPoolExecutor: `cpython.py <scenario> <folder>`."""

import datetime
import json
import os
import pathlib
import re
import signal
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, TimeoutError

PATIENCE_S = 4


def echo(value):
    return value


def where():
    return os.getpid()


class InputError(ValueError):
    code = None


def throw_error():
    try:
        raise TypeError("the cause")
    except TypeError as cause:
        error = InputError("bad input")
        error.code = "E_BAD"
        raise error from cause


def give_function():
    return lambda: None


def log_to(log, letter):
    with open(log, "a") as file:
        file.write(letter)


def rest(log, letter, ms):
    log_to(log, letter)
    time.sleep(ms / 1000)
    log_to(log, letter.lower())
    return letter


def spin(log):
    log_to(log, str(os.getpid()))
    while True:
        pass


def die(log, letter):
    log_to(log, letter)
    os.kill(os.getpid(), signal.SIGKILL)


def exit_cleanly(log, letter):
    log_to(log, letter)
    os._exit(0)


def leave_bomb():
    def explode():
        raise RuntimeError("late")

    threading.Timer(0.1, explode).start()


def output(size):
    print("x" * size, end="")


def nest():
    with ProcessPoolExecutor(max_workers=1) as pool:
        return pool.submit(echo, 42).result()


def describe(error):
    return type(error).__name__


def observe(call, limit_s=PATIENCE_S):
    """Returns (state, value); a raise at the call is told from a failed future."""
    try:
        future = call()
    except BaseException as error:
        return "raises", error
    try:
        return "gives", future.result(limit_s)
    except TimeoutError:
        return "hangs", None
    except BaseException as error:
        return "fails", error


def tell(observed):
    state, value = observed
    if state == "hangs":
        return "hangs"
    if state == "gives":
        return f"gives {value!r}"
    return f"{'raises at the call' if state == 'raises' else 'raises'}: {describe(value)}"


def aftermath(pool):
    after = observe(lambda: pool.submit(echo, 7))
    return "the pool goes on" if after == ("gives", 7) else f"the next task {tell(after)}"


def until_logged(log):
    while not (os.path.exists(log) and os.path.getsize(log)):
        time.sleep(0.005)


def error(pool, folder):
    state, raised = observe(lambda: pool.submit(throw_error))
    if state != "fails":
        return tell((state, raised))
    cause = raised.__cause__
    checks = {
        "class": isinstance(raised, InputError),
        "message": str(raised) == "bad input",
        "the worker's stack": "throw_error" in str(cause),
        "cause (only as text in the traceback)": isinstance(cause, TypeError),
        "code": getattr(raised, "code", None) == "E_BAD",
    }
    lost = [name for name, ok in checks.items() if not ok]
    return f"lost: {', '.join(lost)}" if lost else "all of it arrives"


def values(pool, folder):
    cycle = []
    cycle.append(cycle)
    sent = {
        "nan": float("nan"), "-0": -0.0, "None": None, "int": 2**64, "dict": {"key": 1}, "set": {1},
        "date": datetime.datetime.now(), "regex": re.compile("a"), "bytes": b"1", "cycle": cycle,
    }
    changed = []
    for name, value in sent.items():
        state, back = observe(lambda: pool.submit(echo, value))
        same = repr(back) == repr(value) and type(back) is type(value)
        if state != "gives" or not same:
            changed.append(name)
    return f"changed: {', '.join(changed)}" if changed else "exact, of Python's own counterparts"


def crash(folder, task):
    pool = ProcessPoolExecutor(2)
    log = os.path.join(folder, "log")
    warm = os.path.join(folder, "warm")
    for future in [pool.submit(rest, warm, "w", 50) for _ in range(2)]:
        future.result()
    running = pool.submit(rest, log, "R", 400)
    dying = pool.submit(task, log, "D")
    waiting = pool.submit(rest, log, "W", 10)
    of_dying, of_running, of_waiting = (observe(lambda f=f: f) for f in (dying, running, waiting))
    others = [
        f"the {name} one {tell(seen)}"
        for name, seen in (("running", of_running), ("waiting", of_waiting))
        if seen[0] != "gives"
    ]
    return "; ".join([tell(of_dying), ", ".join(others) or "others unharmed", aftermath(pool)])


def abort_running(pool, folder):
    log = os.path.join(folder, "log")
    future = pool.submit(spin, log)
    until_logged(log)
    return f"cancel() gives {future.cancel()}: it computes on"


def abort_pending(pool, folder):
    log = os.path.join(folder, "log")
    running = pool.submit(rest, log, "R", 500)
    until_logged(log)
    pending = [pool.submit(rest, log, letter, 10) for letter in "PQS"]
    time.sleep(0.05)
    gives = [future.cancel() for future in pending]
    running.result()
    time.sleep(0.3)
    started = [letter for letter in "PQS" if letter in pathlib.Path(log).read_text()]
    if not started:
        return "it never starts; the other is unharmed"
    refused = gives.count(False)
    return f"of three that wait, {refused} refused to be cancelled (prefetched) and ran; the other is unharmed"


def late(pool, folder):
    observe(lambda: pool.submit(leave_bomb))
    seen = observe(lambda: pool.submit(rest, os.path.join(folder, "log"), "B", 400))
    innocent = "B unharmed" if seen[0] == "gives" else f"B {tell(seen)}"
    return f"{innocent} (the error is printed); {aftermath(pool)}"


def close(pool, folder):
    log = os.path.join(folder, "log")
    running = pool.submit(rest, log, "R", 400)
    waiting = pool.submit(rest, log, "W", 100)
    until_logged(log)
    pool.shutdown()
    done = pathlib.Path(log).read_text().endswith("w")
    ends = [observe(lambda f=f: f)[0] == "gives" for f in (running, waiting)]
    return "the running one ends; the waiting one ends" if done and all(ends) else f"{ends}, waited: {done}"


def uncloneable_result(pool, folder):
    before = pool.submit(where).result()
    seen = observe(lambda: pool.submit(give_function))
    after = observe(lambda: pool.submit(where))
    fate = "the worker lives" if after == ("gives", before) else f"the next task {tell(after)}"
    return f"{tell(seen)}; {fate}"


def after_close(pool, folder):
    pool.submit(echo, 1).result()
    pool.shutdown()
    return tell(observe(lambda: pool.submit(echo, 2)))


def printed(pool, folder):
    pool.submit(output, 2**20).result()
    pool.shutdown()
    return ""


def nested(pool, folder):
    seen = observe(lambda: pool.submit(nest))
    return "works" if seen == ("gives", 42) else tell(seen)


def end(pool, folder):
    log = os.path.join(folder, "log")
    pool.submit(rest, log, "R", 300)
    until_logged(log)
    return ""


def orphan(pool, folder):
    pool = ProcessPoolExecutor(2)
    pids = set()
    while len(pids) < 2:
        rests = [pool.submit(rest, os.path.join(folder, "log"), "x", 50) for _ in range(2)]
        pids.update(future.result() for future in [pool.submit(where) for _ in range(3)])
        for future in rests:
            future.result()
    log = os.path.join(folder, "spin")
    pool.submit(spin, log)
    until_logged(log)
    return json.dumps(sorted(pids))


SCENARIOS = {
    "error": error,
    "values": values,
    "uncloneable-result": uncloneable_result,
    "uncloneable-input": lambda pool, folder: (
        f"{tell(observe(lambda: pool.submit(echo, lambda: None)))}; {aftermath(pool)}"
    ),
    "inline": lambda pool, folder: tell(observe(lambda: pool.submit(lambda value: value * 2, 21))),
    "crash": lambda pool, folder: crash(folder, die),
    "exit-0": lambda pool, folder: crash(folder, exit_cleanly),
    "abort-running": abort_running,
    "abort-pending": abort_pending,
    "late": late,
    "close": close,
    "after-close": after_close,
    "nested": nested,
    "printed": printed,
    "end": end,
    "orphan": orphan,
}


def answer(text):
    sys.stdout.write(f"\n\x01answer {text}\n")
    sys.stdout.flush()


def main():
    name, folder = sys.argv[1:]
    scenario = SCENARIOS.get(name)
    if scenario is None:
        answer("does not apply")
        os._exit(0)
    answer(scenario(ProcessPoolExecutor(1), folder))
    # Only this one is watched for how it ends; the others may have left a worker that hangs.
    if name not in ("end", "orphan"):
        os._exit(0)


if __name__ == "__main__":
    main()
