"""The twin of primes.ts: integer arithmetic in plain Python, for which one thread at a time holds the lock."""


def count_primes(span):
    """How many primes lie in a range."""
    start, end = span["from"], span["to"]
    count = 1 if start <= 2 < end else 0
    for candidate in range(max(3, start | 1), end, 2):
        if is_prime(candidate):
            count += 1
    return count


def is_prime(odd):
    divisor = 3
    while divisor * divisor <= odd:
        if odd % divisor == 0:
            return False
        divisor += 2
    return True
