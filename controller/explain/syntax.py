"""Pages of ATT1: YAML. Imports the neighbours."""

from __future__ import annotations

from controller.explain.page import page, tasks
from controller.pack import rules

_QUOTED = tasks("""
    - name: greet
      action: core.echo
      input:
        message: "hello {{ parameters.who }}"
""")

PAGES = (
    page(
        rules.SYNTAX,
        """
        The text breaks YAML's grammar, so nobody can tell what it means from there on. Attune
        skips such a file, notes it in its log only, and keeps the old version of the workflow; its
        sync still reports success. The usual causes are a tab, a missing colon or quote, and lines
        that are indented unlike their neighbours: the message names the likely one. Other files of
        the pack are checked all the same.
        """,
        bad=tasks("""
            - name: greet
              action: core.echo
              input:
                message: Note: this is YAML
        """),
        good=tasks("""
            - name: greet
              action: core.echo
              input:
                message: "Note: this is YAML"
        """),
    ),
    page(
        rules.DUPLICATE_KEY,
        """
        YAML wants each key once in a mapping. Attune refuses the file when the key is a field of
        the format; in `input`, `vars` and other free data it keeps the last of the values, and the
        first one is lost without a word. Keep one of the two.
        """,
        bad=tasks("""
            - name: greet
              action: core.echo
              input:
                message: hello
                message: goodbye
        """),
        good=tasks("""
            - name: greet
              action: core.echo
              input:
                message: goodbye
        """),
    ),
    page(
        rules.MERGE_KEY,
        """
        `<<` was an extension of YAML 1.1. Neither YAML 1.2 nor Attune merges it: Attune stores an
        input named `<<`, and the action does not get the fields that the merge was to bring.
        Write the fields out. An alias for a whole value (`*web`) does work.
        """,
        bad=tasks("""
            - name: check
              action: core.http_request
              input: &web
                url: https://example.com/
                timeout: 10
            - name: check_again
              action: core.http_request
              input:
                <<: *web
                timeout: 60
        """),
        good=tasks("""
            - name: check
              action: core.http_request
              input:
                url: https://example.com/
                timeout: 10
            - name: check_again
              action: core.http_request
              input:
                url: https://example.com/
                timeout: 60
        """),
    ),
    page(
        rules.FOREIGN_TAG,
        """
        A tag such as `!vault` or `!!binary` asks the reader to do something with the value. Attune
        drops the tag and stores the plain text behind it, so the action would get the name of a
        secret in place of the secret. Only tags of the YAML core schema that fit their value are
        taken (`!!str 5`). Remove the tag, and fetch the value with an expression.
        """,
        bad=tasks("""
            - name: call
              action: core.http_request
              input:
                auth_token: !vault api-token
        """),
        good=tasks("""
            - name: call
              action: core.http_request
              input:
                auth_token: "{{ keystore.api_token }}"
        """),
    ),
    page(
        rules.SEVERAL_DOCUMENTS,
        """
        A line of `---` begins a new document, and a file of a pack holds one: there is one row for
        it in the database. Put each workflow into a file of its own. A single `---` at the very
        start is fine.
        """,
        bad=f"{_QUOTED}---\n{_QUOTED}",
        good=f"---\n{_QUOTED}",
    ),
    page(
        rules.KEY_NOT_STRING,
        """
        Values are stored as JSON, whose keys are texts. YAML reads this key as a number, a boolean,
        a null or a list. Attune turns it into a text without a word, so that the action gets
        another key than the file shows. Quote the key, and everybody sees what it is.
        """,
        bad=tasks("""
            - name: explain
              action: core.echo
              input:
                codes:
                  404: not found
        """),
        good=tasks("""
            - name: explain
              action: core.echo
              input:
                codes:
                  "404": not found
        """),
    ),
    page(
        rules.UNSTORABLE_NUMBER,
        """
        Attune and the JSON in its database hold integers of 64 bits, and no infinity and no NaN.
        Without a word, Attune stores null for `.inf` and `.nan`, and rounds very large integers.
        Use a number within the bounds. A long row of digits that nobody calculates with, such as
        an account's id, is a text: quote it.
        """,
        bad=tasks("""
            - name: bill
              action: core.echo
              input:
                account: 98765432109876543210
        """),
        good=tasks("""
            - name: bill
              action: core.echo
              input:
                account: "98765432109876543210"
        """),
    ),
    page(
        rules.NUL_CHARACTER,
        """
        `\\0` in double quotes is the NUL character, which PostgreSQL holds neither in texts nor in
        JSON. Attune accepts the file, and the database then refuses the row. Remove the character.
        If a backslash and a zero are meant, double the backslash or use single quotes.
        """,
        bad=tasks("""
            - name: list
              action: core.echo
              input:
                separator: "\\0"
        """),
        good=tasks("""
            - name: list
              action: core.echo
              input:
                separator: '\\0'
        """),
    ),
    page(
        rules.UNKNOWN_ALIAS,
        """
        `*name` stands for the value that `&name` marked further up in the same file, and nothing is
        marked so. Often no alias is meant at all: a text that begins with an asterisk needs quotes.
        """,
        bad=tasks("""
            - name: tell
              action: core.echo
              input:
                to: *everyone
        """),
        good=tasks("""
            - name: tell
              action: core.echo
              input:
                to: "*everyone"
        """),
    ),
    page(
        rules.RECURSIVE_ALIAS,
        """
        The alias stands inside the value that it repeats, so the value would contain itself, again
        and again. JSON cannot express that, and Attune refuses the file. Write out what is meant.
        """,
        bad=tasks("""
            - name: tell
              action: core.echo
              input: &all
                message: hello
                copy: *all
        """),
        good=tasks("""
            - name: tell
              action: core.echo
              input:
                message: hello
                copy: {message: hello}
        """),
    ),
    page(
        rules.UNQUOTED_TEMPLATE,
        """
        In YAML a `{` begins a mapping, so a bare `{{ … }}` is read as a mapping within a mapping,
        and no template is left of it. Attune's message for this is "invalid type: map, expected a
        string key". Put the whole value in quotes.
        """,
        bad=tasks("""
            - name: greet
              action: core.echo
              input:
                message: {{ parameters.who }}
        """),
        good=_QUOTED,
    ),
)
