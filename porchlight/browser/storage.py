"""The program's own files, under names that change with them: browsers may keep them for ever."""

from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # has no types
    """Hashed and compressed after `collectstatic`; before the first one, plain names still work."""

    def url(self, name: str, force: bool = False) -> str:
        if not self.hashed_files:
            plain: str = StaticFilesStorage.url(self, name)
            return plain
        hashed: str = super().url(name, force)
        return hashed
