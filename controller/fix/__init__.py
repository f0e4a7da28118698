"""The safe fixes of a workflow file: what is written changes, what it means does not. Pure.

May import `load`, `workflow` and `pack`. This is the door of the room: `fix(text) -> Fixed`.

Three things are fixed. Legacy transitions become the `next` that Attune stores for them. Words that
YAML 1.1 takes for booleans (`yes`, `off`) are quoted, because they are texts to Attune and booleans
to other tools. Numbers and booleans where a text is meant (ATT207) are quoted as they are spelled.
Comments, order and layout of all else stay, byte for byte.

Every fix is proven before it is given: the new text is read again, its definition must be the same,
no diagnostic may come or go but the one that was fixed, and every comment must still be there. What
fails that is withheld, and said so.
"""

from controller.fix.run import fix
from controller.fix.values import Fix, Fixed, Name

__all__ = ["Fix", "Fixed", "Name", "fix"]
