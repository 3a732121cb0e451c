"""What the collector of garbage looks through."""

import subprocess
import sys

LOOKS = """
import gc
from porchlight.kit import memory
kept = [[] for _ in range(5000)]
before = len(gc.get_objects())
memory.keep_what_is_loaded()
print(before - len(gc.get_objects()) > 5000, gc.get_freeze_count() > 5000, gc.isenabled())
"""


def test_what_is_loaded_is_looked_through_no_more() -> None:
    """In a process of its own: here it would keep the garbage of all other tests."""
    said = subprocess.run([sys.executable, "-c", LOOKS], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["True", "True", "True"]
