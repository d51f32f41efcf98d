"""The twin of word-count.ts: little arithmetic a character, so that moving the text decides."""


def count_words(text):
    """How many words, parted by blanks, tabs or line ends, a text has."""
    words = 0
    in_word = False
    for character in text:
        blank = character == " " or character == "\n" or character == "\t"
        if not blank and not in_word:
            words += 1
        in_word = not blank
    return words
