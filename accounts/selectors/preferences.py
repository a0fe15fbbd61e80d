"""What people set for their own reading."""

from accounts.models import ContentFilter, Marker
from core.viewer import Viewer


def hidden_words(*, viewer: Viewer) -> list[str]:
    """The viewer's own, in alphabetical order."""
    row = ContentFilter.objects.filter(pk=viewer.pk).first()
    return row.words if row else []


def muted_tags(*, viewer: Viewer) -> list[str]:
    """The viewer's own, in alphabetical order."""
    row = ContentFilter.objects.filter(pk=viewer.pk).first()
    return row.tags if row else []


def markers_of(*, viewer: Viewer) -> list[Marker]:
    """How far the viewer has read each timeline."""
    return list(Marker.objects.filter(user=viewer.pk))
