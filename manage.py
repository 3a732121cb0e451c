#!/usr/bin/env python
"""Django's own commands. `porchlight` is the operator's command; this one is for developers."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "porchlight.settings")
    execute_from_command_line(sys.argv)
