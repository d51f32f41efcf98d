"""The twin of sort.ts: lists go in and come back; numbers need no comparing function here."""


def sort_numbers(numbers):
    """The numbers in ascending order, in a new list."""
    return sorted(numbers)
