"""Runs a Python twin under concurrent.futures for boundby's harness, which starts it: never by hand.

Commands come as lines of JSON on one inherited pipe and are answered on another, so that nothing a twin prints can
be taken for an answer. A third pipe is the lifeline: it ends when the harness has died, and then so does this.
Standard library only, Python >= 3.9.
"""

import array
import base64
import importlib.util
import json
import math
import multiprocessing
import os
import re
import sys
import threading
import time
import traceback
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

COMMANDS, ANSWERS, LIFELINE = 3, 4, 5
LONGEST_LINE_BYTES = 2**28
LARGEST_NUMBER = 2**53 - 1
TWIN_MODULE = "boundby_twin"
START_DEADLINE_S = 60
BEAT_INTERVAL_NS = 50_000_000
ORPHAN_CHECK_S = 0.25
LONGEST_MESSAGE = 2000

# Values ------------------------------------------------------------------------------------------------------------
# JSON, except for what it lacks: an object with the one key "$" holds a kind and its content. src/harness/python/wire.ts
# is the other end.

TYPECODES = {
    "Int8Array": "b",
    "Int16Array": "h",
    "Uint16Array": "H",
    "Int32Array": "i",
    "Uint32Array": "I",
    "BigInt64Array": "q",
    "BigUint64Array": "Q",
    "Float32Array": "f",
    "Float64Array": "d",
}
ARRAY_KINDS = {code: kind for kind, code in TYPECODES.items()}


def decode_object(pairs):
    """Called for every object of a line, the innermost first."""
    if len(pairs) != 1 or pairs[0][0] != "$":
        return dict(pairs)
    kind, content = pairs[0][1]
    if kind == "bytes":
        return base64.b64decode(content)
    if kind in TYPECODES:
        return array.array(TYPECODES[kind], base64.b64decode(content))
    if kind == "integer":
        return int(content)
    if kind == "number":
        return float(content)
    if kind == "object":
        return dict(content)
    if kind == "undefined":
        return None
    raise ValueError(f"a value of the kind {kind}")


def decode(line):
    return json.loads(line, object_pairs_hook=decode_object)


class NotAnOutput(TypeError):
    """An output that has no form in JavaScript."""


def plain(value):
    """The value as what json can write without a loss."""
    if value is None or value is True or value is False or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if -LARGEST_NUMBER <= value <= LARGEST_NUMBER else {"$": ["integer", str(value)]}
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$": ["number", repr(value)]}
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"$": ["bytes", base64.b64encode(value).decode()]}
    if isinstance(value, array.array) and value.typecode in ARRAY_KINDS:
        return {"$": [ARRAY_KINDS[value.typecode], base64.b64encode(value.tobytes()).decode()]}
    if isinstance(value, (list, tuple)):
        # Most lists are long and of one type.
        types = set(map(type, value))
        if types <= {str, bool, type(None)}:
            return value
        if types == {int} and -LARGEST_NUMBER <= min(value) and max(value) <= LARGEST_NUMBER:
            return value
        if types == {float} and all(map(math.isfinite, value)):
            return value
        return [plain(item) for item in value]
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise NotAnOutput(f"a dict with the key {key!r:.50}, and JavaScript's have strings only")
        if len(value) == 1 and "$" in value:
            return {"$": ["object", [["$", plain(value["$"])]]]}
        return {key: plain(item) for key, item in value.items()}
    raise NotAnOutput(f"a value of the type {type(value).__name__}, which has no form in JavaScript")


def encode(value):
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode() + b"\n"


# Twin --------------------------------------------------------------------------------------------------------------


class TwinError(Exception):
    """What is wrong with a twin before it is called."""


def load_twin(path):
    """Imports the twin under a name of its own: one called json.py must not stand in for the library's."""
    if TWIN_MODULE not in sys.modules:
        folder = os.path.dirname(path)
        if folder not in sys.path:
            sys.path.append(folder)
        spec = importlib.util.spec_from_file_location(TWIN_MODULE, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[TWIN_MODULE] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[TWIN_MODULE]
            raise
    return sys.modules[TWIN_MODULE]


def find_task(module, path, names):
    for name in names:
        task = getattr(module, name, None)
        if callable(task):
            return task
    raise TwinError(f"{os.path.basename(path)} has no function {' or '.join(names)}")


class Watched:
    """The task with its duration in ns and its process; in the module that a worker process imports too."""

    def __init__(self, task):
        self.task = task

    def __call__(self, value):
        start = time.perf_counter_ns()
        output = self.task(value)
        return output, time.perf_counter_ns() - start, os.getpid()


# Worker processes --------------------------------------------------------------------------------------------------

barrier = None


def leave_when_orphaned():
    """Ends a worker whose parent has died: it would wait for its next task for ever, or spin on."""
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(ORPHAN_CHECK_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def begin_worker(path, ready, is_forked):
    global barrier
    if is_forked:
        # A task must not be able to answer in its parent's place.
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, COMMANDS)
        os.dup2(nothing, ANSWERS)
        os.close(nothing)
    leave_when_orphaned()
    barrier = ready
    load_twin(path)


def arrive():
    """Every worker process is there once all are here: none is idle before, so each arrival takes another one."""
    barrier.wait(START_DEADLINE_S)


# Executors ---------------------------------------------------------------------------------------------------------


class Serial:
    """A plain loop."""

    def outputs(self, task, inputs, on_done):
        start = time.perf_counter_ns()
        if on_done is None:
            outputs = [task(value) for value in inputs]
        else:
            outputs = []
            for value in inputs:
                outputs.append(task(value))
                on_done(None)
        return time.perf_counter_ns() - start, outputs

    def close(self):
        pass


class Pool:
    """An executor of concurrent.futures: submit all, then take the results in order."""

    def __init__(self, pool):
        self.pool = pool

    def outputs(self, task, inputs, on_done):
        submit = self.pool.submit
        futures = []
        try:
            start = time.perf_counter_ns()
            if on_done is None:
                futures = [submit(task, value) for value in inputs]
            else:
                for value in inputs:
                    future = submit(task, value)
                    future.add_done_callback(on_done)
                    futures.append(future)
            outputs = [future.result() for future in futures]
            return time.perf_counter_ns() - start, outputs
        finally:
            # Nothing may run on into the next measurement.
            wait(futures)

    def close(self):
        self.pool.shutdown(wait=True)


def thread_pool(workers):
    pool = ThreadPoolExecutor(max_workers=workers)
    ready = threading.Barrier(workers)
    wait([pool.submit(ready.wait, START_DEADLINE_S) for _ in range(workers)])
    return Pool(pool)


def process_pool(workers, path):
    ready = multiprocessing.Barrier(workers)
    is_forked = multiprocessing.get_start_method() == "fork"
    pool = ProcessPoolExecutor(
        max_workers=workers, initializer=begin_worker, initargs=(path, ready, is_forked)
    )
    for future in [pool.submit(arrive) for _ in range(workers)]:
        future.result()
    return Pool(pool)


def open_executor(kind, workers, path):
    if kind == "serial":
        return Serial()
    return thread_pool(workers) if kind == "threads" else process_pool(workers, path)


# Errors ------------------------------------------------------------------------------------------------------------


def place_of(error, path):
    """`primes.py:12`: the innermost line of the twin, or else of whatever it called."""
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    # What a worker process raised comes with its traceback as text.
    remote = str(error.__cause__) if type(error.__cause__).__name__ == "_RemoteTraceback" else ""
    frames += [(file, int(line)) for file, line in re.findall(r'File "([^"\n]+)", line (\d+)', remote)]
    if isinstance(error, SyntaxError) and error.filename == path:
        frames.append((path, error.lineno))
    own = [frame for frame in frames if frame[0] == path]
    return f"{os.path.basename(own[-1][0])}:{own[-1][1]}" if own else None


def message_of(error):
    parts = [str(error)]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    while cause is not None and len(parts) < 5 and type(cause).__name__ != "_RemoteTraceback":
        parts.append(f"caused by {type(cause).__name__}: {cause}")
        cause = cause.__cause__
    return "; ".join(parts)[:LONGEST_MESSAGE]


def described(error, path):
    try:
        location = place_of(error, path)
        return {
            "name": type(error).__name__[:100],
            "message": message_of(error).encode("utf-8", "replace").decode(),
            **({} if location is None else {"location": location}),
        }
    except Exception:
        return {"name": "Error", "message": "an error that cannot be read"}


# Protocol ----------------------------------------------------------------------------------------------------------


def watch_lifeline():
    """A twin may spin and never read that the harness has died; this thread does."""

    def watch():
        while os.read(LIFELINE, 1):
            pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class Driver:
    def __init__(self, commands, answers):
        self.commands = commands
        self.answers = answers
        # The last task may be told of by another thread while this one answers.
        self.lock = threading.Lock()
        self.path = ""
        self.task = None
        self.executor = None
        self.inputs = []

    def read_line(self):
        line = self.commands.readline(LONGEST_LINE_BYTES + 1)
        if len(line) > LONGEST_LINE_BYTES:
            raise ValueError("a line that is too long")
        return line

    def say(self, message, values=()):
        with self.lock:
            self.answers.write(encode(message))
            self.answers.writelines(values)
            self.answers.flush()

    def open(self, twin, functions, kind, workers):
        self.path = twin
        self.task = find_task(load_twin(twin), twin, functions)
        self.executor = open_executor(kind, workers, twin)
        return {}, ()

    def prepare(self, tasks):
        lines = [self.read_line() for _ in range(tasks)]
        self.inputs = [decode(line) for line in lines]
        return {"tasks": len(self.inputs)}, ()

    def measure(self, watched):
        if not watched:
            makespan_ns, outputs = self.executor.outputs(self.task, self.inputs, None)
            longest_ns, processes = 0, None
        else:
            makespan_ns, watched_tasks = self.executor.outputs(
                Watched(self.task), self.inputs, self.beat()
            )
            outputs = [output for output, _, _ in watched_tasks]
            longest_ns = max(duration_ns for _, duration_ns, _ in watched_tasks)
            # As Node's traces tell it: those beside the one that submits.
            processes = len({pid for _, _, pid in watched_tasks} - {os.getpid()})
        lines = []
        for index, output in enumerate(outputs):
            try:
                lines.append(encode(plain(output)))
            except (NotAnOutput, RecursionError, ValueError) as error:
                raise NotAnOutput(f"the output of task {index} is {error}") from None
        result = {"makespanNs": makespan_ns, "longestNs": longest_ns, "processes": processes}
        return {**result, "outputs": len(lines)}, lines

    def beat(self):
        """Tells of tasks that end, in whatever thread; not of all, since beats close together say nothing new."""
        last_ns = time.perf_counter_ns()

        def on_done(_future):
            nonlocal last_ns
            now_ns = time.perf_counter_ns()
            if now_ns - last_ns >= BEAT_INTERVAL_NS:
                last_ns = now_ns
                self.say({"beat": True})

        return on_done

    def answer(self, request):
        try:
            result, values = getattr(self, request["do"])(**request["with"])
            self.say({"id": request["id"], "answer": result}, values)
        except BaseException as error:
            # SystemExit too: what a task raises in a pool is an error there.
            lost = isinstance(error, BrokenProcessPool)
            self.say({"id": request["id"], "error": described(error, self.path), "lost": lost})

    def serve(self):
        for line in iter(self.read_line, b""):
            self.answer(json.loads(line))
        if self.executor is not None:
            self.executor.close()


if __name__ == "__main__":
    watch_lifeline()
    with os.fdopen(COMMANDS, "rb", 2**20) as commands, os.fdopen(ANSWERS, "wb", 2**20) as answers:
        Driver(commands, answers).serve()
