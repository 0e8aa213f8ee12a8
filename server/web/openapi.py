"""OpenAPI 3.1, made from the route table and the pydantic models; nothing is written twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server.web import answers
from server.web.errors import STATUS
from server.web.roles import ANYONE, PEOPLE
from server.web.route import KEY_MAX, Route

_ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")
_REF = "#/components/schemas/{model}"
VERSION = "1"

#: codes any proven act may meet, beside the row's own
_COMMON = ("unauthenticated", "forbidden")
_COMMON_UNSAFE = ("csrf", "bad_json", "unsupported_media_type", "too_large", "storage_unavailable")


def document(routes: Iterable[Route], site_name: str) -> dict[str, Any]:
    """The whole document as plain JSON values."""
    rows = tuple(routes)
    schemas, defs = _schemas(rows)
    paths: dict[str, dict[str, Any]] = {}
    for route in rows:
        paths.setdefault(_path(route), {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Antrian MPP: {site_name}",
            "version": VERSION,
            "description": "Fields and routes may be added; a change of meaning gets /api/v2.",
        },
        "paths": paths,
        "components": {"schemas": defs, "securitySchemes": _SECURITY},
    }


_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "devices and programs"},
    "session": {"type": "apiKey", "in": "cookie", "name": "mpp_session", "description": "people, with X-CSRF-Token"},
    "browser": {
        "type": "apiKey",
        "in": "cookie",
        "name": "mpp_browser",
        "description": "browser devices, with X-MPP-Device and X-CSRF-Token",
    },
}


def _path(route: Route) -> str:
    return _ARGUMENT.sub(r"{\2}", route.path)


def _models(routes: Iterable[Route]) -> list[type[BaseModel]]:
    found: dict[type[BaseModel], None] = {answers.Problem: None}
    for route in routes:
        for model in (route.takes, route.gives):
            if isinstance(model, type):
                found[model] = None
    return list(found)


def _schemas(routes: tuple[Route, ...]) -> tuple[Mapping[type[BaseModel], dict[str, Any]], dict[str, Any]]:
    models = _models(routes)
    made, top = models_json_schema([(model, "validation") for model in models], ref_template=_REF)
    return {model: made[(model, "validation")] for model in models}, top["$defs"]


def _operation(route: Route, schemas: Mapping[type[BaseModel], dict[str, Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": route.says,
        "description": "Roles: " + ", ".join(sorted(route.who)) + ".",
        "parameters": _parameters(route),
        "responses": _responses(route, schemas),
        "security": _security(route),
    }
    if route.streams:
        told["requestBody"] = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    elif route.is_unsafe and route.takes is not None:
        has_required = any(field.is_required() for field in route.takes.model_fields.values())
        told["requestBody"] = {
            "required": has_required,
            "content": {"application/json": {"schema": schemas[route.takes]}},
        }
    return told


def _operation_id(route: Route) -> str:
    words = re.sub(r"[^a-z]+", "_", _ARGUMENT.sub(r"\2", route.rule).lower()).strip("_")
    return f"{route.method.lower()}_{words}"


def _security(route: Route) -> list[dict[str, list[str]]]:
    if ANYONE in route.who:
        return []
    found: list[dict[str, list[str]]] = []
    if route.who & PEOPLE:
        found.append({"session": []})
    if route.who - PEOPLE:
        found.append({"bearer": []})
    if route.who & {"kiosk", "display"}:
        found.append({"browser": []})
    return found


def _parameters(route: Route) -> list[dict[str, Any]]:
    found = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer" if kind == "id" else "string"},
        }
        for kind, name in _ARGUMENT.findall(route.path)
    ]
    if (route.streams or not route.is_unsafe) and route.takes is not None:
        schema = route.takes.model_json_schema()
        for name, one in schema["properties"].items():
            needed = name in schema.get("required", ())
            found.append({"name": name, "in": "query", "required": needed, "schema": one})
    if route.is_unsafe and route.proven:
        key = {"type": "string", "minLength": 1, "maxLength": KEY_MAX}
        found.append({"name": "Idempotency-Key", "in": "header", "required": route.key_required, "schema": key})
    return found


def _responses(route: Route, schemas: Mapping[type[BaseModel], dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status in route.status:
        found[str(status)] = {"description": "Nothing to say." if status == 204 else "Done."}
        if status != 204:
            is_model = isinstance(route.gives, type)
            schema = schemas[route.gives] if is_model else {"description": route.gives}  # type: ignore[index]
            if route.type != "application/json":
                schema = {"type": "string", "description": route.gives}
            found[str(status)]["content"] = {route.type: {"schema": schema}}
    for status, codes in sorted(codes_by_status(route).items()):
        content = {"application/problem+json": {"schema": schemas[answers.Problem]}}
        found[str(status)] = {"description": "code: " + ", ".join(codes), "content": content}
    return found


def codes_by_status(route: Route) -> dict[int, list[str]]:
    """Every code the row may answer, by status."""
    codes = [*route.codes, *(() if ANYONE in route.who else _COMMON)]
    if route.takes is not None:
        codes.append("invalid")
    if route.is_unsafe:
        codes += [*_COMMON_UNSAFE, "idempotency_key_invalid", "idempotency_mismatch"]
        if route.who & PEOPLE and ANYONE not in route.who:
            codes.append("password_change_required")
    if route.key_required:
        codes.append("idempotency_key_required")
    found: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        found.setdefault(STATUS[code], []).append(code)
    return found
