"""What became of a revision, told to others: the status of its commit, and webhooks.

`news` says what there is to tell, and `messages` in which words (both pure); `hosts/` speaks to the
hosts of repositories, `webhooks` to everybody else, each over `calls`, which keeps to the network
policy of `source`. `outbox` is the queue between a sync and all that. May import `source`, `status`
and `pack`.
"""

from controller.notify.addresses import api_of
from controller.notify.calls import Network
from controller.notify.letters import Letter, deliver
from controller.notify.news import Notice, Result, State, notice, pending, result
from controller.notify.outbox import Outbox
from controller.notify.subject import Subject
from controller.notify.undelivered import Undelivered

__all__ = [
    "Letter",
    "Network",
    "Notice",
    "Outbox",
    "Result",
    "State",
    "Subject",
    "Undelivered",
    "api_of",
    "deliver",
    "notice",
    "pending",
    "result",
]
