"""A copy of everything, for two keepers only: made, put back, and tried out each week."""

from porchlight.home.actions.backups.drill import drill
from porchlight.home.actions.backups.making import back_up
from porchlight.home.actions.backups.restoring import restore
from porchlight.home.actions.backups.trouble import BackupTrouble

__all__ = ["BackupTrouble", "back_up", "drill", "restore"]
