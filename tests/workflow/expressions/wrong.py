"""Expressions with one mistake each: the code, the text with its wrong part in ⟦…⟧, the hint.

They stand in a workflow with the parameters `host`, `hosts` and `my-flag`, the variables `region`
and `my-var`, the tasks `fetch-it` and `a`, and `body`, which `fetch-it` publishes.
"""

from __future__ import annotations

Wrong = tuple[str, str, str]

_VALUE = "Write a name, a number, a text in quotes or a call there."
_OBJECT = "Write the object in YAML, with an expression for each value."
_CHOICE = "Publish a value on each of two transitions with `when`, and use that."
_JOIN = "Join texts with `+`, compare with `==`, or end the expression with `}}` before it."
_CLOSE = "Close it with `'`; a `}}` ends the expression even inside a text."
_NEITHER = "Write `parameters.x` for a parameter, `workflow.x` for a variable."
_NAME = "Names are of `a` to `z`, digits and `_`; others go in brackets: `vars['…']`."
_ODD = "Remove it, or put the text that it belongs to in quotes."
_NO_FILTERS = "There are no filters: write a function, or compute the value in a task."
_NO_METHODS = "There are no methods: write a function, or compute the value in a task."
_DEFAULT = (
    "Give the parameter a `default`, or publish a value on each of two transitions with `when`."
)

SYNTAX: dict[str, Wrong] = {
    "no value after an operator": ("ATT401", "{{ 1 ⟦+⟧ }}", _VALUE),
    "no value before an operator": ("ATT401", "{{ ⟦==⟧ 1 }}", _VALUE),
    "no value between commas": ("ATT401", "{{ [1,⟦,⟧ 2] }}", _VALUE),
    "no value after not": ("ATT401", "{{ true and ⟦not⟧ }}", _VALUE),
    "no operator": ("ATT401", "{{ parameters.a ⟦parameters⟧.b }}", _JOIN),
    "no operator before a text": ("ATT401", "{{ region ⟦'x'⟧ }}", _JOIN),
    "a number into a name": ("ATT401", "{{ 1⟦abc⟧ }}", _JOIN),
    "a text that is not closed": ("ATT401", "{{ ⟦'⟧abc }}", _CLOSE),
    "braces in a text": ("ATT401", "{{ ⟦'⟧}}' }}", _CLOSE),
    "an escaped quote": ("ATT401", r"{{ ⟦'⟧abc\' }}", _CLOSE),
    "braces in braces": (
        "ATT401",
        "{{ ⟦{{⟧ parameters.a }} }}",
        "Remove it: names need no braces of their own here.",
    ),
    "not after a comparison": (
        "ATT401",
        "{{ region == ⟦not⟧ true }}",
        "Put it in parentheses: `(not …)`.",
    ),
    "not after a minus": ("ATT401", "{{ -⟦not⟧ 1 }}", "Put it in parentheses: `(not …)`."),
    "a number as field": (
        "ATT401",
        "{{ task.a.⟦0⟧ }}",
        "Write an index in brackets: `[0]`.",
    ),
    "a field without a name": ("ATT401", "{{ region⟦.⟧ }}", "Name a field, or remove it."),
    "a text as field": (
        "ATT401",
        "{{ task.⟦'a'⟧ }}",
        "Name a field after the `.`, or write it in brackets.",
    ),
    "a number that begins with its dot": (
        "ATT401",
        "{{ ⟦.⟧5 }}",
        "Write `0.5` for a number, and `parameters.<name>` for a parameter.",
    ),
    "a number beyond 64 bits": (
        "ATT401",
        "{{ ⟦9223372036854775808⟧ }}",
        "Write it with a decimal point, or as a text in quotes.",
    ),
    "a comma after the last argument": (
        "ATT401",
        "{{ range(1, ⟦)⟧ }}",
        "Remove the comma before it: only a list may end in one.",
    ),
    "a list in parentheses": ("ATT401", "{{ (1⟦,⟧ 2) }}", "Write a list in brackets: `[a, b]`."),
    "a comma alone": ("ATT401", "{{ 1⟦,⟧ 2 }}", "Write a list in brackets: `[a, b]`."),
    "empty parentheses": ("ATT401", "{{ (⟦)⟧ }}", _VALUE),
    "an empty index": ("ATT401", "{{ region[⟦]⟧ }}", _VALUE),
    "a bracket never closed": (
        "ATT401",
        "{{ length⟦(⟧region }}",
        "Close it with `)` before the `}}`.",
    ),
    "an empty bracket never closed": (
        "ATT401",
        "{{ 1 + ⟦[⟧ }}",
        "Close it with `]` before the `}}`.",
    ),
    "a bracket closed by another": ("ATT401", "{{ (1⟦]⟧ }}", "Write `)`."),
    "a bracket never opened": ("ATT401", "{{ 1 ⟦)⟧ }}", "Remove it, or open it before."),
    "a call of a call": (
        "ATT401",
        "{{ result()⟦(⟧) }}",
        "Remove the parenthesis, or write an operator before it.",
    ),
    "an umlaut in a name": ("ATT401", "{{ gr⟦ö⟧ße }}", _NAME),
    "a typographic quote": ("ATT401", "{{ ⟦\u201c⟧a\u201d }}", "Write `'` or `\"`."),
    "a sign of no meaning": ("ATT401", "{{ ⟦@⟧region }}", _ODD),
    "behind a character beyond the BMP": ("ATT401", "{{ '\U0001f600' ⟦@⟧ }}", _ODD),
    "nested too deep": (
        "ATT401",
        "{{ " + "(" * 64 + "⟦(⟧ }}",
        "Publish a part of it from a task, and use that.",
    ),
    "prefixed too often": (
        "ATT401",
        "{{ " + "-" * 64 + "⟦-⟧1 }}",
        "Publish a part of it from a task, and use that.",
    ),
}

FOREIGN: dict[str, Wrong] = {
    "filter": ("ATT402", "{{ region ⟦|⟧ join(', ') }}", "Write `join(region, ', ')`."),
    "filters": (
        "ATT402",
        "{{ task.a.x[0] ⟦|⟧ sort | join( [1][0] , ) }}",
        "Write `join(sort(task.a.x[0]), [1][0])`.",
    ),
    "filter of another name": ("ATT402", "{{ -region ⟦|⟧ count }}", "Write `length(region)`."),
    "filter of a call": ("ATT402", "{{ (result()) ⟦|⟧ trim }}", "Write `trim((result()))`."),
    "filter with the pattern last": (
        "ATT402",
        "{{ region ⟦|⟧ regex_match('a') }}",
        "Write `match('a', region)`.",
    ),
    "filter with a named argument": (
        "ATT402",
        "{{ region ⟦|⟧ split(by='x=1') }}",
        "Write `split(region, 'x=1')`.",
    ),
    "filter for the first": ("ATT402", "{{ [1] ⟦|⟧ first }}", "Write `[1][0]`."),
    "filter for the last": ("ATT402", "{{ xs ⟦|⟧ last }}", "Write `xs[length(xs) - 1]`."),
    "filter default": ("ATT402", "{{ region ⟦|⟧ default('x') }}", _DEFAULT),
    "filter without equal": ("ATT402", "{{ region ⟦|⟧ title }}", _NO_FILTERS),
    "filter without end": ("ATT402", "{{ region ⟦|⟧ join(', ' }}", _NO_FILTERS),
    "filter without name": ("ATT402", "{{ region ⟦|⟧ }}", _NO_FILTERS),
    "filter of a long text": ("ATT402", "{{ '" + "x" * 90 + "' ⟦|⟧ upper }}", _NO_FILTERS),
    "method": ("ATT402", "{{ region.⟦upper⟧() }}", "Write `upper(region)`."),
    "method with arguments": (
        "ATT402",
        "{{ region.⟦split⟧('(', ) }}",
        "Write `split(region, '(')`.",
    ),
    "method of a text": ("ATT402", "{{ ', '.⟦join⟧([1]) }}", "Write `join([1], ', ')`."),
    "method get": ("ATT402", "{{ parameters.⟦get⟧('a') }}", "Write `parameters['a']`."),
    "method with other arguments": ("ATT402", "{{ region.⟦strip⟧('a') }}", "Write `trim(…)`."),
    "method without equal": ("ATT402", "{{ region.⟦title⟧() }}", _NO_METHODS),
    "method of a long text": (
        "ATT402",
        "{{ '" + "x" * 90 + "'.⟦upper⟧() }}",
        _NO_METHODS,
    ),
    "is defined": ("ATT402", "{{ region ⟦is⟧ defined }}", "Write `region != null`."),
    "is not defined": ("ATT402", "{{ region ⟦is⟧ not defined }}", "Write `region == null`."),
    "is none": ("ATT402", "{{ region ⟦is⟧ none }}", "Write `region == null`."),
    "is string": (
        "ATT402",
        "{{ region ⟦is⟧ string }}",
        "Write a comparison: `==`, `!=`, `in`, or `type_of(value) == 'string'`.",
    ),
    "not in": ("ATT402", "{{ 1 + 2 ⟦not  in⟧ [3] }}", "Write `not 1 + 2 in …`."),
    "not in, behind much": (
        "ATT402",
        "{{ '" + "x" * 50 + "' ⟦not in⟧ [3] }}",
        "Write `not a in b`.",
    ),
    "if else": ("ATT402", "{{ 1 ⟦if⟧ true else 2 }}", _CHOICE),
    "? :": ("ATT402", "{{ true ⟦?⟧ 1 : 2 }}", _CHOICE),
    "??": ("ATT402", "{{ region ⟦??⟧ 1 }}", _CHOICE),
    "&&": ("ATT402", "{{ true ⟦&&⟧ false }}", "Write `and`."),
    "||": ("ATT402", "{{ true ⟦||⟧ false }}", "Write `or`."),
    "!": ("ATT402", "{{ ⟦!⟧true }}", "Write `not` before the condition."),
    "=": ("ATT402", "{{ region ⟦=⟧ 1 }}", "Write `==` to compare."),
    "===": ("ATT402", "{{ region ⟦===⟧ 1 }}", "Write `==`."),
    "<>": ("ATT402", "{{ region ⟦<>⟧ 1 }}", "Write `!=`."),
    "~": ("ATT402", "{{ 'a' ⟦~⟧ 1 }}", "Write `+`, with `string(…)` around what is not text."),
    "**": ("ATT402", "{{ 2 ⟦**⟧ 3 }}", "There is no power: multiply, or compute it in a task."),
    "//": ("ATT402", "{{ 7 ⟦//⟧ 2 }}", "Write `floor(a / b)`."),
    "slice": (
        "ATT402",
        "{{ region[1⟦:⟧2] }}",
        "Write `slice(list, start, end)` for a part of a list.",
    ),
    "AND": ("ATT402", "{{ true ⟦AND⟧ false }}", "Write `and`."),
    "comprehension": (
        "ATT402",
        "{{ [1 ⟦for⟧ x in body] }}",
        "Use `with_items` of a task to go through a list.",
    ),
    "object": ("ATT402", "{{ ⟦{⟧'a': 1} }}", _OBJECT),
    "ctx().x": ("ATT402", "{{ 1 + ⟦ctx().host⟧ }}", "Write `parameters.host`."),
    "ctx('x')": ("ATT402", "{{ ⟦ctx('region')⟧ }}", "Write `region`."),
    "ctx(x)": ("ATT402", "{{ ⟦ctx( body )⟧ }}", "Write `body`."),
    "ctx of nothing known": ("ATT402", "{{ ⟦ctx(x)⟧ }}", _NEITHER),
    "ctx of an expression": ("ATT402", "{{ ⟦ctx⟧(1) }}", _NEITHER.replace(".x", ".<name>")),
    "$.x": ("ATT402", "{{ ⟦$.host⟧ }}", "Write `parameters.host`."),
    "$": ("ATT402", "{{ ⟦$⟧ }}", _NEITHER.replace(".x", ".<name>")),
    "_.x": ("ATT402", "{{ ⟦_⟧.host }}", "Write `parameters.host`."),
    "_": ("ATT402", "{{ ⟦_⟧ }}", _NEITHER.replace(".x", ".<name>")),
    "YAQL": ("ATT403", "a ⟦<% succeeded() %>⟧ b", "Write `{{ succeeded() }}`."),
    "YAQL ctx()": ("ATT403", "⟦<% ctx().host %>⟧", "Write `{{ parameters.host }}`."),
    "YAQL $": ("ATT403", "⟦<%$.region%>⟧", "Write `{{ region }}`."),
    "YAQL of more": (
        "ATT403",
        "⟦<% ctx(a) + 1 %>⟧",
        "Write `{{ … }}`, with Attune's names and functions in it.",
    ),
    "Jinja statement": (
        "ATT403",
        "⟦{% if x %}⟧a{% endif %}",
        "Use `when` and `with_items` of tasks in place of `if` and `for`.",
    ),
}

NAMES: dict[str, Wrong] = {
    "unknown": (
        "ATT404",
        "{{ 1 + ⟦nope⟧.x }}",
        "Write `parameters.nope` for a parameter, or add `nope` to `vars`.",
    ),
    "unknown in a call": ("ATT404", "{{ length([⟦regoin⟧]) }}", "Did you mean `region`?"),
    "in a second block": ("ATT404", "{{ body }} and {{ ⟦bodi⟧ }}", "Did you mean `body`?"),
    "like a parameter": ("ATT404", "{{ ⟦hots⟧ }}", "Did you mean `parameters.hosts`?"),
    "like a namespace": ("ATT404", "{{ ⟦Parameters⟧.x }}", "Did you mean `parameters`?"),
    "of a task": ("ATT404", "{{ ⟦a⟧.result }}", "Write `task.a`."),
    "of another engine": ("ATT404", "{{ ⟦inputs⟧.x }}", "Did you mean `parameters`?"),
    "of Python": ("ATT404", "{{ ⟦True⟧ }}", "Did you mean `true`?"),
    "a task's with a hyphen": (
        "ATT404",
        "{{ task.⟦fetch-it⟧.result }}",
        "Write `task['fetch-it']`.",
    ),
    "a variable's with a hyphen": ("ATT404", "{{ ⟦my-var⟧ }}", "Write `workflow['my-var']`."),
    "a parameter's with a hyphen": ("ATT404", "{{ ⟦my-flag⟧ }}", "Write `parameters['my-flag']`."),
    "a parameter's": ("ATT407", "{{ ⟦hosts⟧ }}", "Write `parameters.hosts`."),
    "item": (
        "ATT408",
        "{{ ⟦item⟧.x }}",
        "Add `with_items` to the task, or use a parameter, a variable or a task's result.",
    ),
    "task": ("ATT409", "{{ task.⟦fetchit⟧ }}", "Did you mean `fetch-it`?"),
    "task in brackets": (
        "ATT409",
        "{{ tasks[⟦'b c'⟧] }}",
        "Name a task of this workflow after the dot.",
    ),
    "braces never closed": ("ATT410", "{{ body }} ⟦{{⟧ body }", "Close it with `}}`."),
}

CALLS: dict[str, Wrong] = {
    "like another": ("ATT405", "{{ ⟦joinn⟧(body, 1) }}", "Did you mean `join`?"),
    "of another engine": ("ATT405", "{{ ⟦len⟧(body) }}", "Write `length(value)`."),
    "of the clock": (
        "ATT405",
        "{{ ⟦now⟧ () }}",
        "Expressions have no clock: pass the time in as a parameter, or publish it from a task.",
    ),
    "unheard of": (
        "ATT405",
        "{{ ⟦zzz⟧() }}",
        "Use one of Attune's functions, or compute it in a task.",
    ),
    "too few": ("ATT406", "{{ ⟦join⟧(body) }}", "Write `join(list, separator)`."),
    "too many": ("ATT406", "{{ ⟦length⟧(body, [1, 2]) }}", "Write `length(value)`."),
    "none": ("ATT406", "{{ 1 + ⟦range⟧() }}", "Write `range(start, end)`."),
    "one of two or three": ("ATT406", "{{ ⟦slice⟧(body) }}", "Write `slice(list, start, end)`."),
    "a parenthesis never closed in a pattern": (
        "ATT411",
        "{{ match(⟦'(a'⟧, body) }}",
        r"Put a backslash before a character that stands for itself: `'\\('`.",
    ),
}
