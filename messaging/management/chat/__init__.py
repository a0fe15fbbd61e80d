"""The reference client of the protocol (API.md, sections 1, 3 and 4): nothing of ours but numbers.

`ChatClient` keeps what one person sees of their conversations in step with the server, sends each
message until it is acknowledged, and comes back after every loss. It speaks HTTP (`Api`) and the
socket (`Link`) as any other program would; `manage.py chat` and the fault tests run it.
"""

from messaging.management.chat.api import Api, ApiError
from messaging.management.chat.client import ChatClient
from messaging.management.chat.link import Link, LinkLostError, RefusedError
from messaging.management.chat.thread import Thread

__all__ = ["Api", "ApiError", "ChatClient", "Link", "LinkLostError", "RefusedError", "Thread"]
