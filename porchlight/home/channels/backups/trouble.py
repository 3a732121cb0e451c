"""What stops a backup or a restore."""


class BackupTrouble(Exception):
    """It cannot go on; the message is the sentence for the operator."""
