"""What Python's collector of garbage looks through while a process serves people."""

import gc


def keep_what_is_loaded() -> None:
    """From here on only what is made from now on is looked through for garbage.

    For a process that has loaded everything and begins to serve. The program itself, some hundred
    thousand objects, is never garbage, and looking through it held up whatever was under way for
    a tenth of a second; while news went to 10,000 phones it was a fifth of the whole time
    (docs/benchmarks.md).
    """
    gc.collect()
    gc.freeze()
