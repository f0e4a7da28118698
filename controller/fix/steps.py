"""A task with legacy transitions, as the pieces of text that its `next` is made of.

May import `load.pieces`.
"""

from __future__ import annotations

from dataclasses import dataclass

from controller.load.pieces import MapPiece, Piece, ScalarPiece


class Unsafe(Exception):
    """Why a task is left alone, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a mapping."""

    key: ScalarPiece
    value: Piece

    @property
    def name(self) -> str:
        """What the key says."""
        return self.key.text


@dataclass(frozen=True, slots=True)
class Step:
    """One transition to write.

    `when` is a condition that a field stands for (a text) or one that the file has (a piece);
    `field` is where it comes from when that is a field of its own, `branch` when it is a part of
    a decision; neither is there for a `publish` that stood alone.
    """

    when: str | ScalarPiece | None
    publish: Field | None
    target: ScalarPiece | None = None
    field: Field | None = None
    branch: MapPiece | None = None


@dataclass(frozen=True, slots=True)
class OldTask:
    """A task of the file `text`, the fields to take out of it, and what is to come instead."""

    text: str
    piece: MapPiece
    fields: tuple[Field, ...]
    steps: tuple[Step, ...]

    def spelled(self, piece: Piece) -> str:
        """A piece as the file has it, with its quotes, anchor and tag."""
        return self.text[piece.start : piece.end]
