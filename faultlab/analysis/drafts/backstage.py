"""A draft from a catalogue of Backstage: components and resources, and the references between them."""

from __future__ import annotations

from typing import Any

from faultlab.analysis.drafts.parts import (
    Draft,
    Part,
    mapping_of,
    name_of,
    named_in,
    quoted,
    refuse_twice,
    say_unread,
    without,
)
from faultlab.errors import BadInput


def of_backstage(documents: list[dict[str, Any]]) -> Draft:
    """Draft from the entities of a catalogue.

    Raises
    ------
    BadInput
        Where an entity has no name or is there twice, or where all of them name other files.

    Examples
    --------
    >>> shop = {"kind": "Component", "metadata": {"name": "shop"}, "spec": {"dependsOn": ["resource:db"]}}
    >>> of_backstage([shop]).parts["shop"].needs
    ['db']
    """
    found = Draft("a catalogue of Backstage", may_go_round=True)
    if all(str(one.get("kind")).lower() == "location" for one in documents):
        raise BadInput("this Location of Backstage names other files; give those instead, several at once.")
    entities: dict[tuple[str, str, str], dict] = {}
    kinds: dict[str, list[dict]] = {}
    for one in documents:
        kind = str(one.get("kind"))
        if kind.lower() not in ("component", "resource"):
            if kind.lower() != "api":  # an interface stands for who provides it
                kinds.setdefault(kind, []).append(one)
            continue
        key = (kind.lower(), _namespace(one), named_in(one).casefold())
        if key in entities:
            refuse_twice([named_in(one)], [named_in(one)], kind)
        entities[key] = one
    names = _names_of(entities, found)
    called: dict[str, list[tuple[str, str, str]]] = {}
    for key in names:
        called.setdefault(key[2], []).append(key)
    makers: dict[str, list[str]] = {}  # from an interface to who provides it
    for key, one in entities.items():
        for api in _texts(one, "providesApis"):
            makers.setdefault(_reference(api)[2].casefold(), []).append(names[key])

    def meant(said, own, kind=""):
        """The parts that a reference means, or a name that nobody describes."""
        given, namespace, name = _reference(said)
        kind = given or kind
        if kind == "api" and name.casefold() in makers:
            return makers[name.casefold()]
        alike = [known for known in called.get(name.casefold(), ()) if kind in ("", known[0])]
        exact = [known for known in alike if known[1] == (namespace or own)]
        if alike and not exact:
            taken = quoted(names[alike[0]])
            found.remarks.append(f"{quoted(said)} is described in another namespace only: {taken} is taken.")
        return [names[known] for known in (exact or alike)[:1]] or [name]

    libraries = set()
    for key, one in entities.items():
        if mapping_of(one.get("spec")).get("type") == "library":
            libraries.add(names[key])
        needs = [part for said in _texts(one, "dependsOn") for part in meant(said, key[1])]
        needs += [part for said in _texts(one, "consumesApis") for part in meant(said, key[1], "api")]
        found.parts[names[key]] = Part(names[key], needs)
    for key, one in entities.items():
        for said in _texts(one, "dependencyOf"):
            for user in meant(said, key[1]):
                found.parts.setdefault(user, Part(user)).needs.append(names[key])
    if libraries:
        found.remarks.append(
            f"Libraries run in what uses them and are left out: {', '.join(sorted(libraries))}."
        )
    say_unread(kinds, found)
    _hand_on(found.parts, libraries)
    return without(found, libraries, "A catalogue says no number of copies: each part stands as one.")


def _names_of(entities, found):
    """A name of its own for each: kind or namespace are added where several have the same."""
    names: dict[tuple[str, str, str], str] = {}
    used: set[str] = set()
    for key, one in entities.items():
        kind, namespace, _ = key
        plain = named_in(one)
        longer = (f"{plain} {kind}", f"{plain} of {namespace}", f"{plain} {kind} of {namespace}")
        name = names[key] = next(free for free in (plain, *longer) if free not in used)
        used.add(name)
        if name != plain:
            found.remarks.append(f"Several are called {quoted(plain)}: one stands as {quoted(name)}.")
    return names


def _hand_on(parts, libraries):
    """What a library needs, its users need."""
    for part in parts.values():
        waiting, seen = list(part.needs), set()
        while waiting:
            one = waiting.pop()
            if one in libraries and one not in seen:
                seen.add(one)
                waiting += parts[one].needs
                part.needs += parts[one].needs


def _namespace(one):
    return str(mapping_of(one.get("metadata")).get("namespace") or "default").casefold()


def _texts(one, field_name):
    """The names in a list of an entity; one alone is taken as a list."""
    said = mapping_of(one.get("spec")).get(field_name) or []
    names = [said] if isinstance(said, str) else said
    if not isinstance(names, list) or not all(isinstance(name, (str, int)) for name in names):
        raise BadInput(f"{field_name} of {named_in(one)!r} lists names; write `{field_name}: [one, other]`.")
    return [str(name) for name in names]


def _reference(said):
    """Kind, namespace and name in a reference as `component:default/shop`, "" for what it leaves out."""
    kind, _, rest = said.rpartition(":")
    namespace, _, name = rest.rpartition("/")
    return kind.strip().casefold(), namespace.strip().casefold(), name_of(name)
