"""Media's entry in Django."""

from django.apps import AppConfig


class MediaStorageConfig(AppConfig):
    """Registers what media adds to the house."""

    name = "media_storage"

    def ready(self) -> None:
        """Tell the registry how a person's pictures are erased."""
        from core.registry import erase_steps  # noqa: PLC0415  models exist only now
        from media_storage.services import media_erase  # noqa: PLC0415

        erase_steps.add("media", media_erase)
