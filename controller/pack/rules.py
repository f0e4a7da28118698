"""The catalogue of every rule a pack is checked by. Imports `diagnostic`.

A code never changes its meaning and is never used again. ATT0 files and limits, ATT1 YAML,
ATT2 fields of workflows, tasks and pack.yaml, ATT3 the graph and what the engine makes of it,
ATT4 expressions, ATT5 references, ATT6 pack.yaml, ATT7 files of actions.
"""

from __future__ import annotations

from controller.pack.diagnostic import Category, Rule, Severity


def _error(code: str, category: Category, summary: str) -> Rule:
    return Rule(code, Severity.ERROR, category, summary, adjustable=False)


def _stricter(code: str, category: Category, summary: str) -> Rule:
    """An error for what Attune stores without a word: a user may know better."""
    return Rule(code, Severity.ERROR, category, summary, adjustable=True)


def _warning(code: str, category: Category, summary: str) -> Rule:
    return Rule(code, Severity.WARNING, category, summary, adjustable=True)


NOT_A_FILE = _error("ATT001", Category.REFERENCE, "Only regular files are read")
LFS_POINTER = _error("ATT002", Category.REFERENCE, "The file is a Git LFS pointer")
TOO_LARGE = _error("ATT003", Category.LIMITS, "The file is larger than allowed")
NOT_UTF8 = _error("ATT004", Category.SYNTAX, "The file is not UTF-8 text")
NOT_READ = _warning("ATT005", Category.REFERENCE, "A name that looks like a workflow is not read")
TOO_DEEP = _error("ATT006", Category.LIMITS, "The document is nested too deeply")
TOO_MANY_NODES = _error("ATT007", Category.LIMITS, "The document has too many values")
TOO_MUCH_EXPANSION = _error("ATT008", Category.LIMITS, "Aliases expand to too much data")
TOO_MANY_DIRECTIVES = _error("ATT009", Category.LIMITS, "The file has too many %TAG directives")
TOO_MANY_PROBLEMS = _warning("ATT010", Category.LIMITS, "Not every problem of the file is listed")
BAD_SETTINGS = _error("ATT011", Category.SYNTAX, "packctl.toml cannot be understood")
UNUSED_IGNORE = _warning("ATT012", Category.LIMITS, "An ignore comment that ignores nothing")
BAD_IGNORE = _warning("ATT013", Category.SYNTAX, "An ignore comment that cannot be followed")

SYNTAX = _error("ATT101", Category.SYNTAX, "The file is not YAML")
DUPLICATE_KEY = _error("ATT102", Category.SYNTAX, "A key stands twice in one mapping")
MERGE_KEY = _error("ATT103", Category.SYNTAX, "Merge keys are not supported")
FOREIGN_TAG = _error("ATT104", Category.SYNTAX, "The tag is not of the YAML core schema")
SEVERAL_DOCUMENTS = _error("ATT105", Category.SYNTAX, "The file has more than one document")
KEY_NOT_STRING = _error("ATT106", Category.SYNTAX, "A key is not a string")
UNSTORABLE_NUMBER = _error("ATT107", Category.SYNTAX, "The number cannot be stored exactly")
NUL_CHARACTER = _error("ATT108", Category.SYNTAX, "A text holds a NUL character")
UNKNOWN_ALIAS = _error("ATT109", Category.SYNTAX, "An alias has no anchor before it")
RECURSIVE_ALIAS = _error("ATT110", Category.SYNTAX, "An alias stands inside its own anchor")
UNQUOTED_TEMPLATE = _error("ATT111", Category.SYNTAX, "A template that begins a value needs quotes")

NOT_AN_OBJECT = _error("ATT201", Category.SCHEMA, "The document is not an object")
MISSING_FIELD = _error("ATT202", Category.SCHEMA, "A required field is missing")
WRONG_TYPE = _error("ATT203", Category.SCHEMA, "A value has the wrong type")
OUT_OF_RANGE = _error("ATT204", Category.SCHEMA, "A value is too small, too large or too long")
UNKNOWN_VALUE = _error("ATT205", Category.SCHEMA, "A value is not one of those allowed")
UNKNOWN_FIELD = _warning("ATT206", Category.SCHEMA, "Attune ignores a field it does not know")
NEEDS_QUOTES = _warning("ATT207", Category.SCHEMA, "A number or boolean stands where text is meant")
NO_SCHEMA = _error("ATT208", Category.SCHEMA, "Neither a JSON Schema nor the flat form of one")
BAD_VARIABLE_NAME = _error("ATT209", Category.SCHEMA, "The name of a variable is not allowed")
NULL_ENTRY = _warning("ATT210", Category.SCHEMA, "An entry is null or empty")
FIELD_TWICE = _error("ATT211", Category.SCHEMA, "One field is given under both of its names")
NOT_SEMVER = _warning("ATT212", Category.SCHEMA, "The version is not a semantic version")
BAD_TASK_NAME = _error("ATT213", Category.SCHEMA, "The name of a task is not allowed")
BAD_SCHEMA = _warning("ATT214", Category.SCHEMA, "The schema is not a valid JSON Schema")
BAD_DEFAULT = _warning("ATT215", Category.SCHEMA, "A default does not fit its own schema")

DUPLICATE_TASK = _error("ATT301", Category.SEMANTICS, "Two tasks of one list have the same name")
RESERVED_NAME = _error("ATT302", Category.SEMANTICS, "The name of a task is a reserved word")
NAMESPACE_NAME = _warning("ATT303", Category.SEMANTICS, "A task is named like a namespace")
UNKNOWN_TARGET = _error("ATT304", Category.SEMANTICS, "A transition leads to no task")
UNREACHABLE = _error("ATT305", Category.SEMANTICS, "A task is never reached")
JOIN_NEVER = _warning("ATT306", Category.SEMANTICS, "A join waits for more than can arrive")
NOT_ITERATING = _warning("ATT307", Category.SEMANTICS, "The field needs with_items")
DELAY_ABOVE_MAXIMUM = _error("ATT308", Category.SEMANTICS, "max_delay is below delay")
LEGACY_IGNORED = _warning("ATT309", Category.SEMANTICS, "Legacy transitions stand next to `next`")
TWO_DEFAULTS = _stricter("ATT310", Category.SEMANTICS, "A decision has two default branches")
BRANCH_WITHOUT_CONDITION = _stricter(
    "ATT311", Category.SEMANTICS, "A decision branch has neither `when` nor `default`"
)
DEFAULT_ALWAYS_RUNS = _warning(
    "ATT312", Category.SEMANTICS, "The default branch of a decision runs always"
)
TASKS_IGNORED = _warning("ATT313", Category.SEMANTICS, "Sub-tasks stand in a task that runs none")

EXPRESSION_SYNTAX = _stricter("ATT401", Category.EXPRESSIONS, "The expression cannot be read")
FOREIGN_EXPRESSION = _stricter(
    "ATT402", Category.EXPRESSIONS, "The expression is written for another engine"
)
FOREIGN_TEMPLATE = _warning(
    "ATT403", Category.EXPRESSIONS, "A template of another engine is plain text here"
)
UNKNOWN_NAME = _stricter("ATT404", Category.EXPRESSIONS, "The expression names what is not there")
UNKNOWN_FUNCTION = _stricter("ATT405", Category.EXPRESSIONS, "There is no such function")
WRONG_ARGUMENTS = _stricter(
    "ATT406", Category.EXPRESSIONS, "A function has too few or many arguments"
)
BARE_PARAMETER = _warning(
    "ATT407", Category.EXPRESSIONS, "A parameter needs `parameters.` before it"
)
NO_ITEM = _warning("ATT408", Category.EXPRESSIONS, "`item` and `index` exist with with_items only")
UNKNOWN_TASK_RESULT = _warning("ATT409", Category.EXPRESSIONS, "No task has the name after `task.`")
UNCLOSED_EXPRESSION = _warning("ATT410", Category.EXPRESSIONS, "A `{{` is never closed")
BAD_PATTERN = _warning("ATT411", Category.EXPRESSIONS, "The pattern is not a regular expression")

DUPLICATE_REF = _error("ATT501", Category.REFERENCE, "Two files define one workflow")
SHADOWED = _warning("ATT502", Category.REFERENCE, "A file of actions/workflows/ takes precedence")
FOREIGN_REF = _error("ATT503", Category.REFERENCE, "The ref belongs to another pack")
BAD_REF = _error("ATT504", Category.REFERENCE, "The ref is not of the form pack.name")
BAD_ACTION = _error("ATT505", Category.REFERENCE, "No action can have this ref")
ODD_REF = _warning("ATT506", Category.REFERENCE, "The ref cannot be called from a workflow")
MISSING_ACTION = _stricter("ATT511", Category.REFERENCE, "The pack has no such action")
UNKNOWN_ACTION = _warning("ATT512", Category.REFERENCE, "No pack in the database has this action")
MISSING_INPUT = _stricter("ATT513", Category.REFERENCE, "A required input is missing")
UNKNOWN_INPUT = _warning("ATT514", Category.REFERENCE, "The action does not have this input")
WRONG_INPUT_TYPE = _stricter("ATT515", Category.REFERENCE, "An input has the wrong type")
ENDLESS_RECURSION = _warning("ATT516", Category.REFERENCE, "Workflows call each other in a circle")

NO_MANIFEST = _error("ATT601", Category.REFERENCE, "The pack has no pack.yaml")
BAD_PACK_REF = _error("ATT602", Category.SCHEMA, "The pack's ref is not allowed")
OTHER_PACK = _error(
    "ATT603", Category.REFERENCE, "pack.yaml has another ref than the Pack asks for"
)
BAD_PACK_VERSION = _error("ATT604", Category.SCHEMA, "The pack's version is no semantic version")
BAD_DEPENDENCY = _warning("ATT605", Category.SCHEMA, "The dependency cannot be understood")
CONFIG_MISFIT = _warning("ATT606", Category.SCHEMA, "The config does not fit conf_schema")
UNMET_DEPENDENCY = _stricter(
    "ATT607", Category.REFERENCE, "The database does not have a pack that this one needs"
)
DEPENDENCY_CIRCLE = _warning("ATT608", Category.REFERENCE, "Packs depend on each other in a circle")

NO_ACTION_REF = _stricter("ATT701", Category.SCHEMA, "The action has neither `ref` nor `name`")
BAD_ACTION_REF = _stricter("ATT702", Category.REFERENCE, "The action's ref is not allowed")
NO_ENTRY_POINT = _warning("ATT703", Category.REFERENCE, "The entry point is not in the pack")
DUPLICATE_ACTION = _stricter("ATT704", Category.REFERENCE, "Two files define one action")

CATALOGUE: tuple[Rule, ...] = tuple(
    sorted((one for one in globals().values() if isinstance(one, Rule)), key=lambda one: one.code)
)
"""Every rule, by code."""

FROM_DATABASE = frozenset(
    (
        MISSING_ACTION,
        UNKNOWN_ACTION,
        MISSING_INPUT,
        UNKNOWN_INPUT,
        WRONG_INPUT_TYPE,
        UNMET_DEPENDENCY,
        DEPENDENCY_CIRCLE,
    )
)
"""The rules about which another commit is not the only thing that may change what they say: an
action or a pack may come into the database, or take other inputs."""
