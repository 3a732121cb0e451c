"""Marks a sentence for the translators where Django must not be imported (in rules)."""


def gettext_noop(sentence: str) -> str:
    """Say that this sentence is shown to people; it is translated when it is shown."""
    return sentence
