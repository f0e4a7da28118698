"""`/docs`: the API's schema as a page, made here: no script, nothing from elsewhere.

Imports the schema that FastAPI makes, as plain JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
section { border-top: 1px solid; padding: .5rem 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; }
summary { cursor: pointer; }
nav ul { columns: 2; list-style: none; padding: 0; }
@media (max-width: 40rem) { nav ul { columns: 1; } }
"""

Json = dict[str, Any]


def document(app: FastAPI) -> None:
    """Give `app` the page and its style."""

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(_page(app.openapi()))

    @app.get("/docs/style.css", include_in_schema=False)
    async def style() -> Response:
        return Response(_STYLE, media_type="text/css")


def _page(schema: Json) -> str:
    operations = [
        (method.upper(), path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    title = f"{schema['info']['title']} {schema['info']['version']}"
    models = schema.get("components", {}).get("schemas", {})
    return "".join(
        [
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}',
            '</title><meta name="viewport" content="width=device-width">',
            '<link rel="stylesheet" href="docs/style.css"></head><body>',
            f"<h1>{escape(title)}</h1><p>The same for programs: ",
            '<a href="openapi.json">openapi.json</a>.</p><nav aria-label="Requests"><ul>',
            *(f'<li><a href="#{_id(*one)}">{_name(*one)}</a></li>' for one in operations),
            "</ul></nav><main><h2>Requests</h2>",
            *(_operation(*one) for one in operations),
            "<h2>Shapes</h2>",
            *(_model(name, model) for name, model in sorted(models.items())),
            "</main></body></html>",
        ]
    )


def _id(method: str, path: str, _: Json) -> str:
    return escape(f"{method}{path}", quote=True)


def _name(method: str, path: str, _: Json) -> str:
    return f"<code>{method} {escape(path)}</code>"


def _operation(method: str, path: str, operation: Json) -> str:
    given = (method, path, operation)
    return "".join(
        [
            f'<section id="{_id(*given)}"><h3>{_name(*given)}</h3>',
            f"<p>{escape(operation.get('description') or operation.get('summary', ''))}</p>",
            _table("Parameters", _parameters(operation)),
            _body(operation),
            _table("Answers", _answers(operation)),
            "</section>",
        ]
    )


def _parameters(operation: Json) -> Iterator[tuple[str, str, str]]:
    for one in operation.get("parameters", ()):
        needed = ", needed" if one.get("required") else ""
        kind = f"{escape(one['in'])}{needed}: {_kind(one.get('schema', {}))}"
        yield f"<code>{escape(one['name'])}</code>", kind, escape(one.get("description", ""))


def _body(operation: Json) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    kinds = [_kind(one.get("schema", {})) for one in content.values()]
    return f"<p>Body: {', '.join(kinds)}</p>" if kinds else ""


def _answers(operation: Json) -> Iterator[tuple[str, str, str]]:
    for status, answer in operation["responses"].items():
        kinds = [_kind(one.get("schema", {})) for one in answer.get("content", {}).values()]
        yield escape(status), ", ".join(kinds), escape(answer.get("description", ""))


def _model(name: str, model: Json) -> str:
    needed = model.get("required", ())
    rows = (
        (
            f"<code>{escape(field)}</code>{' *' if field in needed else ''}",
            _kind(one),
            escape(one.get("description", "")),
        )
        for field, one in model.get("properties", {}).items()
    )
    what = escape(model.get("description", ""))
    values = ", ".join(f"<code>{escape(str(one))}</code>" for one in model.get("enum", ()))
    return (
        f'<section id="{escape(name, quote=True)}"><h3>{escape(name)}</h3><p>{what} {values}</p>'
        f"{_table('Fields', rows)}</section>"
    )


def _kind(schema: Json) -> str:
    """The type in a few words, with a link to a shape."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2], quote=True)
        return f'<a href="#{name}">{name}</a>'
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(_kind(one) for one in schema[several])
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    default = schema.get("default")
    return escape(kind) + (f", else {escape(str(default))}" if default not in (None, "") else "")


def _table(title: str, rows: Iterator[tuple[str, str, str]]) -> str:
    lines = [f"<tr><th scope='row'>{a}</th><td>{b}</td><td>{c}</td></tr>" for a, b, c in rows]
    return f"<table><caption>{title}</caption>{''.join(lines)}</table>" if lines else ""
