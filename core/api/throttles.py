"""A view's declared limit: per person, or per address where nobody is signed in."""

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from core.errors import RateLimitedError
from core.http import client_address, limit_subject
from core.limits import Limit, take


class LimitThrottle(BaseThrottle):
    """Counts one request against one Limit."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit

    def allow_request(self, request: Request, view: APIView) -> bool:
        """True, or raises RateLimitedError with its Retry-After."""
        # The authenticator has counted already, in its one round trip.
        taken = getattr(request.auth, "taken", None) or take(self.limit, self.subject(request))
        if not taken.allowed:
            raise RateLimitedError(retry_after=taken.retry_after)
        return True

    def subject(self, request: Request) -> str:
        """`u<id>` for a person, else `a<address>`."""
        viewer_id = getattr(request.user, "id", None)
        return f"u{viewer_id}" if viewer_id else f"a{limit_subject(client_address(request.META))}"
