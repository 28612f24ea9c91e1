"""The game's file, `course/data/game_day.yaml`, and Kestrel's: prices, chances, sources, and what is ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from faultlab.analysis.systems import System, read_system
from faultlab.errors import BadInput
from faultlab.input_files import text_of

QUARTERS = 4
NEEDED = {
    "levels": ("budget", "odds", "shows_odds", "says"),
    "measures": ("name", "price", "lesson", "does", "monday"),
    "events": ("name", "chance", "foreseen", "story", "signs", "question", "ways", "modelled_on"),
}


@dataclass(frozen=True)
class Measure:
    """What can be bought: its price in EUR for a year, the lesson that teaches it, a question for Monday."""

    id: str
    name: str
    price: int
    lesson: str
    does: str
    monday: str


@dataclass(frozen=True)
class Event:
    """What may come: its chance in a quarter, the decision that it asks for, and what it is modelled on.

    `ways` has pairs (what is done, what follows), `modelled_on` pairs (what is published, where). `signs` are
    the two things that may be known when the decision is made.
    """

    id: str
    name: str
    chance: float
    foreseen: bool
    story: str
    signs: tuple[str, ...]
    question: str
    ways: tuple[tuple[str, str], ...]
    modelled_on: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Level:
    """How hard the game is: EUR for the year, how many times the chances, whether these are shown."""

    id: str
    budget: int
    odds: float
    shows_odds: bool
    says: str


@dataclass(frozen=True)
class RoomSeed:
    """A year made for rooms: its seed, and its name and what it teaches, which are told once it is over."""

    seed: int
    name: str
    teaches: str


@dataclass(frozen=True, eq=False)
class Game:
    """All that a game rests on. Equal to itself alone, so that what is worked out of it can be kept.

    `order_hour` and `search_hour` are what an hour of Kestrel's checkout and search are worth, in EUR, and
    `objective` is the checkout's: all three from Kestrel's file, as `system` is.
    """

    measures: dict[str, Measure]
    events: dict[str, Event]
    levels: dict[str, Level]
    seeds: tuple[RoomSeed, ...]
    assumed: dict[str, float]
    system: System = field(repr=False)
    order_hour: int = 0
    search_hour: int = 0
    objective: float = 0.0

    def __repr__(self) -> str:
        return "<Kestrel's year>"

    def __deepcopy__(self, memo: dict[int, Any]) -> Game:
        return self  # nothing in it changes, and of a copy all would be worked out again

    def level(self, name: str) -> Level:
        """A level by name; BadInput names those there are."""
        if name not in self.levels:
            raise BadInput(f"The game has no level {name!r}. It has: {', '.join(self.levels)}.")
        return self.levels[name]

    def called(self, seed: int) -> str:
        """What a year is called while it is played, which gives nothing away of it: "year 3" for rooms."""
        places = {one.seed: place for place, one in enumerate(self.seeds, 1)}
        return f"year {places[seed]}" if seed in places else f"year number {seed}"

    def price(self, measures: frozenset[str], quarters: int = QUARTERS) -> int:
        """What measures cost for so many quarters, in EUR."""
        return sum(self.measures[one].price for one in measures) * quarters // QUARTERS


def read_game(path: str | Path = "data/game_day.yaml", kestrel: str | Path = "kestrel.yaml") -> Game:
    """Read the game.

    Parameters
    ----------
    path, kestrel : path
        The game's file and Kestrel's, as they are called in the folder of the lessons.

    Raises
    ------
    BadInput
        Names the file, the entry and what is missing.

    Examples
    --------
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> len(game.measures), game.order_hour
    (16, 50000)
    """
    path = Path(path)
    try:
        data = yaml.safe_load(text_of(path, 1_000_000, "a game"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise BadInput(f"{path.name}{where}: this is not YAML; check the indentation.") from None
    for part in ("assumed", *NEEDED):
        if not isinstance(data, dict) or not isinstance(data.get(part), dict):
            raise BadInput(f"{path.name}: `{part}` is missing; the game's file has it at the top.")
    for part, keys in NEEDED.items():
        for name, entry in data[part].items():
            for key in keys:
                if not isinstance(entry, dict) or entry.get(key) is None:
                    raise BadInput(f"{path.name}, {name}: `{key}` is missing.")
    for name, entry in data["events"].items():
        for more in [str(key) for way in entry["ways"] for key in way if key not in ("text", "follows")]:
            raise BadInput(
                f"{path.name}, {name}: a way ends before {more!r}; put quotes round a text that has a comma."
            )
    system = read_system(Path(kestrel))
    checkout = system.journey("checkout")
    return Game(
        {name: Measure(name, **entry) for name, entry in data["measures"].items()},
        {name: _event(name, entry) for name, entry in data["events"].items()},
        {name: Level(name, **entry) for name, entry in data["levels"].items()},
        tuple(RoomSeed(**entry) for entry in data.get("seeds", ())),
        data["assumed"],
        system,
        round(checkout.worth_per_hour.likely),
        round(system.journey("search").worth_per_hour.likely),
        checkout.objectives.availability or 0.999,
    )


def _event(name: str, entry: dict[str, Any]) -> Event:
    return Event(
        name,
        entry["name"],
        entry["chance"],
        entry["foreseen"],
        entry["story"],
        tuple(entry["signs"]),
        entry["question"],
        tuple((way["text"], way["follows"]) for way in entry["ways"]),
        tuple((one["fact"], one["source"]) for one in entry["modelled_on"]),
    )
