"""A copy of everything, for two keepers only: made, put back, and tried out each week."""

from porchlight.home.channels.backups.drill import drill
from porchlight.home.channels.backups.making import back_up
from porchlight.home.channels.backups.restoring import restore
from porchlight.home.channels.backups.trouble import BackupTrouble

__all__ = ["BackupTrouble", "back_up", "drill", "restore"]
