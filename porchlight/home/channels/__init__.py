"""What goes between the database and files outside it: backups for the keepers, and data keys.

Not one transaction each, as actions are: they can be killed anywhere and are then run again.
"""
