"""Logins as a GitHub App: its key is exchanged for tokens that live an hour.

`assertion` signs what the App says of itself, `answers` reads what GitHub's API answers (pure),
`api` is the one that asks it, `exchange` puts these together, and `tokens` keeps what came of it
for all who share it.
"""

from controller.source.github.answers import Issued
from controller.source.github.exchange import exchange
from controller.source.github.tokens import Tokens

__all__ = ["Issued", "Tokens", "exchange"]
