"""The WebSocket gateway. config.asgi routes `/ws/v1` here, and every other path to NoSuchSocket.

What messaging itself pushes, by type (API.md has the frames and all other types):

- `message.created` {message}: to all sockets of all members, the sender's own too. It also says
  that its sender has read up to it.
- `conversation.created` {conversation_id}: to the opener's tabs, and to the others before the
  first message; the conversation is read by GET.
- `conversation.removed` {conversation_id}: to whom it is not there any more; `conversation.updated`
  when it is back, and when its folder or its messages changed otherwise: it is read by GET.
- `read.updated` {conversation_id, user_id, seq}: to all members, the reader's own tabs too.
- `badges.updated`: those badges that changed, to the person they belong to.
- `typing` {conversation_id, user_id, typing}: to the other members, at most every 3 s.
- `auth.expiring` {expires_at}, `resync` {}.
- `server.restarting` {retry_within_s}, then close 1012: come back at a random moment until then.
"""

from messaging.consumers.consumer import GatewayConsumer, NoSuchSocket
from messaging.consumers.direct import DirectProtocol
from messaging.consumers.running import drain_running_gateway, stop_running_gateway

__all__ = [
    "DirectProtocol",
    "GatewayConsumer",
    "NoSuchSocket",
    "drain_running_gateway",
    "stop_running_gateway",
]
