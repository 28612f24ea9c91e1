"""What comes of an event: when somebody notices, what is decided, how long it takes, who is lost.

Nothing is told beforehand: how many are turned away, when an alert fires, whether a tree's top event comes
about, is asked of the course's engines with what was bought put in. Lengths in minutes without a source are
ours, as are the shares of cards at which a way works; they stand here beside what they decide.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from faultlab.analysis.fault_trees import solve
from faultlab.cases.azure import outage_tree
from faultlab.cases.breaches import BREACHES
from faultlab.cases.game_day.cards import Card
from faultlab.cases.game_day.game_file import Game
from faultlab.cases.game_day.shop_load import BUYERS, ORDINARY, SERVICE, rush, servers_for, turned_away
from faultlab.design.calls import storm_threshold
from faultlab.metrics.alerts import BurnRateAlert, detection_hours, recommended_alerts

Held = frozenset[str]
ORDERS_A_MINUTE = 60 * ORDINARY * BUYERS
RUNBOOK = 0.8  # of the time that a repair takes without one
TURNED_AWAY = ((1.0, SERVICE, 0.0, 0.0), (0.53, 0.6 * SERVICE, 0.2, 0.5), (0.67, SERVICE, 0.33, 0.33))
"""In a rush, by way: the share let in, seconds for each, and the shares of orders and browsers lost."""
RETRIES, RETRY_BUDGET = 3, 0.1


@dataclass
class Course:
    """How an event goes, minute by minute; the parts of this file write it down.

    Attributes
    ----------
    steps : list
        (minutes since it began, what happened), for the timeline; `turns` are those that surprise.
    noticed : int
        Minutes until somebody knew; `by` says whether an alert, customers or people told
        them, or nobody, and `seen` is the share of orders that failed meanwhile.
    minutes : float
        Minutes that customers could not buy, a share of them counting as a share of a minute.
    """

    game: Game
    card: Card
    held: Held
    now: float = 0.0
    noticed: int = 0
    by: str = ""
    seen: float = 0.0
    minutes: float = 0.0
    browsing: float = 0.0
    money: float = 0.0
    customers: float = 0.0
    steps: list[tuple[int, str]] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)

    def step(self, what: str) -> None:
        self.steps.append((round(self.now), what))

    def turn(self, what: str) -> None:
        """A step that was otherwise than believed."""
        self.step(what)
        self.turns.append(what)

    def failing(self, minutes: float, orders: float, browsing: float | None = None) -> None:
        """Let time pass while a share of orders, and of those who browse, fails."""
        self.now += minutes
        self.minutes += minutes * orders
        self.browsing += minutes * (orders if browsing is None else browsing)

    def notice(self, orders: float, browsing: float | None = None) -> None:
        """Let time pass until somebody knows, and then until somebody has begun to work on it."""
        self.noticed, self.by = self.seen_after(orders)
        self.failing(self.noticed, orders, browsing)
        if self.by == "nobody":
            return self.failing(self.answer(), orders, browsing)
        self.step("An alert pages." if self.by == "alert" else "Enough customers have called.")
        self.failing(self.answer(), orders, browsing)
        asleep = self.card.night and "on_call" not in self.held
        self.step(
            "Somebody has woken up and is on it: nobody was on call." if asleep else "Somebody is on it."
        )

    def seen_after(self, orders: float) -> tuple[int, str]:
        """Minutes until an alert fires or customers have called, whichever is first, and who it was."""
        self.seen = orders
        found = sighting(self.game, orders, "alerts" in self.held)
        return found.minutes, found.by

    def answer(self) -> int:
        """Minutes from the first sign until somebody who can do something looks at it."""
        return 10 if "on_call" in self.held else 150 if self.card.night else 20

    def repair(self, median: float) -> float:
        """Minutes of a repair: the card's length, shorter with a runbook."""
        return median * self.card.length / 100 * (RUNBOOK if "on_call" in self.held else 1)

    def tried(self) -> bool:
        """Whether what should take over does: it was tried, or luck has it."""
        return "experiments" in self.held or not self.card.weak


@dataclass(frozen=True)
class Sighting:
    """How a failure comes to be known.

    Attributes
    ----------
    minutes : int
        Until somebody knows; `by` is "alert", "customers", or "nobody" where no more orders fail than the
        objective allows.
    burn : float
        How many times as many orders fail as the objective allows.
    calls : int
        Minutes until enough customers have called.
    pages : tuple
        Each alert that pages, with the minutes until it fires at this burn; infinity where it never does.
    """

    minutes: int
    by: str
    burn: float
    calls: int
    pages: tuple[tuple[BurnRateAlert, float], ...]


@lru_cache(maxsize=10_000)
def sighting(game: Game, orders: float, alerts: bool) -> Sighting:
    """Return how a failure of a share of orders comes to be known, by an alert or by customers who call.

    Examples
    --------
    >>> from faultlab.cases.game_day.game_file import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> seen = [sighting(game, share, alerts=True) for share in (0.5, 0.05)]
    >>> [(one.by, one.minutes, round(one.burn, 1), one.calls) for one in seen]
    [('alert', 6, 166.7, 60), ('alert', 52, 16.7, 480)]
    """
    share = min(1.0, max(orders, 1e-6))  # a busy hour counts as more than an hour's orders
    failed = ORDERS_A_MINUTE * max(orders, 1e-6) * game.assumed["calls_per_failed_order"]
    calls = min(480, math.ceil(game.assumed["calls_until_noticed"] / failed - 1e-9))
    pages = tuple(
        (one, 60 * detection_hours(one, game.objective, share))
        for one in recommended_alerts()
        if one.severity == "page"
    )
    first = min(minutes for _, minutes in pages)
    alerted = alerts and first < calls
    called = "customers" if share > 1 - game.objective else "nobody"
    return Sighting(
        math.ceil(first - 1e-9) if alerted else calls,
        "alert" if alerted else called,
        share / (1 - game.objective),
        calls,
        pages,
    )


@dataclass(frozen=True)
class Outcome:
    """What came of an event: whole minutes without a checkout, EUR, customers, and how it went.

    `steps` has minutes since it began and what happened then; `turns` are those that surprise. `seen` is the
    share of orders that failed until somebody knew.
    """

    minutes: int
    money: int
    customers: int
    noticed: int
    by: str
    steps: tuple[tuple[int, str], ...]
    turns: tuple[str, ...]
    seen: float

    def cost(self, game: Game) -> int:
        """All of it in EUR: money, and what the customers who left would have brought."""
        return self.money + self.customers * round(game.assumed["customer_worth"])


def outcome(game: Game, event: str, card: Card, held: Held, way: int) -> Outcome:
    """Return what comes of an event.

    Parameters
    ----------
    game : Game
    event : str
        One of the game's events.
    card : Card
        What luck brings to it.
    held : frozenset of str
        The measures that are in place.
    way : int
        Which of the event's ways is decided for, from 0.

    Examples
    --------
    >>> from faultlab.cases.game_day.cards import cards
    >>> from faultlab.cases.game_day.game_file import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> card = cards(0, 0.4)[0]
    >>> bare, watched = (outcome(game, "release", card, frozenset(held), 0) for held in ((), ("alerts",)))
    >>> bare.noticed > watched.noticed, bare.by, watched.by
    (True, 'customers', 'alert')
    """
    course = Course(game, card, held)
    course.step("It begins.")
    GOES[event](course, way)
    failed = course.minutes * ORDERS_A_MINUTE
    told = course.noticed + (10 if "status_page" in held else course.answer() + 60)
    least, most = (game.assumed[key] for key in ("leave_told_per_mille", "leave_untold_per_mille"))
    leave = least + (most - least) * min(1.0, max(0, told - 20) / 160)
    money = course.money + (course.minutes * game.order_hour + course.browsing * game.search_hour) / 60
    return Outcome(
        round(course.minutes),
        round(money),
        round(course.customers + failed * leave / 1000),
        course.noticed,
        course.by,
        tuple(course.steps),
        tuple(course.turns),
        course.seen,
    )


def _release(course: Course, way: int) -> None:
    card = course.card
    share = (0.25, 0.5, 1.0)[card.size] * (0.1 if "staged" in course.held else 1.0)
    course.notice(share)
    if way == 0:
        course.failing(20, share)
        if card.turn < (85 if card.sign else 10):  # the old version can't read the new tables
            course.turn("The old version can't read the data; it has to go forward after all.")
            course.failing(40, share)
            way = 1
    if way == 1:
        course.failing(course.repair(90), share)
    course.step("Checkouts work again.")


def _zone(course: Course, way: int) -> None:
    card, held = course.card, course.held
    rate = ORDINARY * (0.6, 1.0, 1.6)[card.size]
    servers = servers_for(rate, "low_target" in held)
    spare = "spare_zone" in held and (course.tried() or card.turn >= 25)
    left = servers if spare else servers - math.ceil(servers / 3)
    crowded = turned_away(left, rate, "shedding" in held)
    if spare:
        course.step("The spare zone takes over.")
    elif "spare_zone" in held:
        course.turn("The spare zone does not take over: nobody had tried it.")
    # What else the checkout stands on may fail meanwhile, exactly, with one copy of the database gone.
    alone = 0.0 if spare else _one_copy_left(course.game)
    orders = min(1.0, crowded[0] + alone) * rate / ORDINARY
    browsing = min(1.0, crowded[1] + alone) * rate / ORDINARY
    stuck = not spare and not course.tried()
    if not spare and not stuck and crowded[0] == 0:
        course.step("The servers that are left carry the shop.")
    full = rate / ORDINARY
    course.notice(full if stuck else orders, full if stuck else browsing)
    back = max(course.now, 1.45 * (340 if card.sign else 70) * card.length / 145)
    if way == 1:
        if course.by == "nobody":
            course.step("Nobody has missed anything; you fail over all the same.")
        course.money += 15_000  # orders of the last minutes, typed in again
        course.failing(40, full)
        if (course.tried() and card.turn >= 20) or card.turn >= 60:
            return course.step("The other region has taken over.")
        course.turn("The other region did not take over.")
    if stuck:
        promoted = min(course.repair(150), max(0.0, back - course.now))
        course.turn("No copy of the database takes over by itself.")
        course.failing(promoted, full)
        course.step("A copy of the database was made the first by hand.")
    course.failing(max(0.0, back - course.now), orders, browsing)
    course.step("The zone is back.")


@lru_cache(maxsize=8)
def _one_copy_left(game: Game) -> float:
    """The chance that the checkout's other parts fail while a copy of the database is gone: exact."""
    system = game.system
    tree = system.solved("checkout")
    chances = system.chances(tree.tree.events)
    lost = next(name for name in chances if name.startswith("order_databases/") and name.endswith("1"))
    before = tree.probability(chances)[0]
    return float(tree.probability({**chances, lost: (1.0, 0.0)})[0] - before)


def _sale(course: Course, way: int) -> None:
    card, held = course.card, course.held
    times, ramp = (3, 5, 8)[card.size], 3 if card.sign else 20
    minutes = max(5, round(40 * card.length / 100))
    course.by, course.noticed = "people", 5
    kept, service, orders, browsing = TURNED_AWAY[way]
    buyers, browsers = rush(times, ramp, minutes, "low_target" in held, "shedding" in held, kept, service)
    all_of_them = times * (minutes + ramp / 2)
    course.now = 5
    course.step("The rush is seen by everybody.")
    course.minutes += buyers + orders * all_of_them
    course.browsing += browsers + browsing * all_of_them
    course.now = ramp + minutes
    course.step("The rush is over.")


def _storm(course: Course, way: int) -> None:
    card, held = course.card, course.held
    load = ORDINARY * (1.2 if card.sign else 0.6)
    capacity = servers_for(load, "low_target" in held) / SERVICE
    budget = RETRY_BUDGET if "retry_budget" in held and course.tried() else None
    holds = storm_threshold(capacity, RETRIES, budget)
    served = min(1.0, holds / load)
    orders = 1 - served
    if load < holds:
        course.by, course.noticed = course.seen_after(0.5)[::-1]
        course.failing(max(3.0, 6 * card.length / 100), 0.5)
        return course.step("The retries were few enough: it is over by itself.")
    course.notice(orders)
    if way == 0:
        course.failing(15, 1.0)
        if card.turn >= (75 if card.sign else 20):
            return course.step("Everything is restarted, and it holds.")
        course.turn("Everything is restarted, and the storm is back.")
        course.failing(20, orders)
        way = 1
    if way == 1:
        course.failing(25 if "shedding" in held else 50, 0.55)
        return course.step("Everybody is in again, by tenths.")
    course.failing((420 if card.sign else 90) * min(card.length, 163) / 100, orders)
    course.step("The load has fallen, and the storm with it.")


def _supplier(course: Course, way: int) -> None:
    card, held = course.card, course.held
    gone = (90 if card.sign else 300) * card.length / 100
    if "second_supplier" in held:
        course.notice(0.5)
        if course.tried():
            course.failing(5, 1.0)
            return course.step("Orders go through the second provider.")
        course.turn("The second provider refuses a certificate that nobody had tried.")
        course.failing(min(gone, 75), 1.0)
        return course.step("Orders go through the second provider after all.")
    course.notice(1.0)
    rest = max(0.0, gone - course.now)
    if way == 0:
        # Who is back within two hours finds most customers waiting.
        course.failing(rest, 0.45 if gone < 120 else 1.0, 0.0)
    else:
        course.failing(rest, 0.1, 0.0)
        unpaid = rest / 60 * 0.55 * course.game.order_hour
        course.money += unpaid
        if unpaid:
            course.step(f"Orders that are never paid, and the work on the others, cost {unpaid:,.0f} EUR.")
    course.step("The provider is back.")


def _login(course: Course, way: int) -> None:
    card, held = course.card, course.held
    course.by, course.noticed = "people", 30
    course.now = 30
    course.step("Somebody has looked at who signed in.")
    if way == 1:
        course.failing(480, 1.0)
        course.step("Everything was checked.")
    moves = way == 0 and card.turn < (80 if card.sign else 25)
    happens = {
        "stolen credentials": True,
        "portal without second factor": "doors" not in held or (card.weak and card.turn < 50),
        "free movement inside": moves,
        "backups within reach": "separate_copies" not in held,
    }
    if not _comes_about("Change Healthcare 2024", happens, "systems are encrypted"):
        return course.step("Nobody is inside any more.")
    course.now = max(course.now, 60)
    course.turn("Systems are encrypted.")
    gone = _comes_about("Change Healthcare 2024", happens)
    hours = 36 if gone else 7 if "restore_drills" in held else 20
    course.money += 90_000  # helpers from outside
    course.failing(60 * hours * (0.5 + card.length / 300), 1.0)
    course.step("Built anew, without copies." if gone else "Restored from copies.")


def _deletion(course: Course, way: int) -> None:
    card, held = course.card, course.held
    drilled = "restore_drills" in held
    course.by, course.noticed = "people", 5
    course.now = 5
    course.failing(course.answer(), 1.0)
    course.step("Everybody who knows the database is on the call.")
    # GitLab's way: the copies made by themselves are there only if somebody has looked.
    readable = drilled or ("separate_copies" in held and card.turn >= 20) or card.turn >= 60
    hours_lost, speed = (14 if card.sign else 5), (0.5 if drilled else 1.0)
    if way == 0:
        course.failing(speed * course.repair(120), 1.0)
        if readable:
            course.step("The latest copy is in place.")
        else:
            course.turn("The latest copy turns out to be empty.")
            way = 1
    if way == 1:
        course.failing(speed * course.repair(100), 1.0)
        hours_lost = 30
        course.step("The disk image is in place.")
    course.money += 0.08 * hours_lost * course.game.order_hour


def _flaw(course: Course, way: int) -> None:
    card, held = course.card, course.held
    course.by, course.noticed = "people", 60
    happens = {
        "known flaw not patched": "doors" not in held or (card.weak and card.turn < 40),
        "expired certificate blinds the monitor": True,
        "network not divided": True,
    }
    course.now = 60
    if not _comes_about("Equifax 2017", happens):
        course.money += 3_000
        return course.step("The hole was closed weeks ago: nothing is missing.")
    course.money += 70_000 * card.length / 100
    ready = 0.5 if "status_page" in held else 1.0
    if way == 0:
        course.customers += (950 if card.sign else 450) * ready
        return course.step("Customers know from you.")
    if card.turn < (35 if card.sign else 45):
        course.now = 60 * 24 * 9
        course.customers += 1_900
        course.money += 30_000
        return course.turn("Customers know from a newspaper.")
    course.now = 60 * 24 * 20
    course.customers += 250 * ready
    course.step("Customers know from you, and all of it.")


def _network(course: Course, way: int) -> None:
    card, held = course.card, course.held
    share = 0.34 if "staged" in held else 1.0
    course.notice(share)
    if way == 1:
        course.failing(25, share)
        if card.turn < (80 if "on_call" in held else 35):
            return course.step("A way in from outside was left.")
        course.failing(65, share)
        course.turn("There is no way in from home.")
    course.failing(150 if card.sign else 35, share)
    course.step("Somebody stands before the machine.")
    course.failing(course.repair(40), share)
    course.step("Kestrel is on the net again.")


def _memory(course: Course, way: int) -> None:
    card, held = course.card, course.held
    if "limits" in held:
        course.by, course.noticed = "people", 15
        course.failing(15, 0.05)
        course.money += 8_000 if card.sign else 2_000
        return course.step("The report has reached its limit and is stopped; it runs again at night.")
    share = (0.3, 0.6, 1.0)[card.size]
    course.notice(share)
    if way == 1:
        course.failing(15, 1.0)
        if card.turn >= 75:
            return course.step("The servers came back to other machines.")
        course.failing(15, share)
        course.turn("The servers came back to the same machines; the report has to go.")
        way = 0
    if way == 0:
        course.failing(5, share)
        late = 55_000 if card.sign else 4_000
        course.money += late
        return course.step(f"The report is stopped. That it is late costs {late:,} EUR.")
    course.failing(35 + course.repair(10), share)
    course.money += 9_000
    course.step("There is room again.")


GOES: dict[str, Callable[[Course, int], None]] = {
    "release": _release,
    "zone": _zone,
    "sale": _sale,
    "storm": _storm,
    "supplier": _supplier,
    "login": _login,
    "deletion": _deletion,
    "flaw": _flaw,
    "network": _network,
    "memory": _memory,
}
MATTER: dict[str, tuple[str, ...]] = {
    "release": ("staged", "alerts", "on_call", "status_page"),
    "zone": ("spare_zone", "low_target", "shedding", "experiments", "alerts", "on_call", "status_page"),
    "sale": ("low_target", "shedding", "status_page", "on_call"),
    "storm": ("retry_budget", "low_target", "shedding", "experiments", "alerts", "on_call", "status_page"),
    "supplier": ("second_supplier", "experiments", "alerts", "on_call", "status_page"),
    "login": ("doors", "separate_copies", "restore_drills", "status_page", "on_call"),
    "deletion": ("restore_drills", "separate_copies", "on_call", "status_page"),
    "flaw": ("doors", "status_page"),
    "network": ("staged", "alerts", "on_call", "status_page"),
    "memory": ("limits", "alerts", "on_call", "status_page"),
}
"""The measures that can change what comes of an event: the others are left out of account."""


@lru_cache(maxsize=256)
def _solved(breach: str, top: str):
    tree = outage_tree(BREACHES[breach])
    return solve(replace(tree, top=top) if top else tree)


def _comes_about(breach: str, happens: dict[str, bool], top: str = "") -> bool:
    """Whether a published breach's tree, or a gate of it, comes about: lesson 06's tree with 0 and 1."""
    return _asked(breach, tuple(sorted(happens.items())), top)


@lru_cache(maxsize=1024)
def _asked(breach: str, happens: tuple[tuple[str, bool], ...], top: str) -> bool:
    solved = _solved(breach, top)
    known = {name: float(is_so) for name, is_so in happens if name in solved.tree.events}
    return solved.probability(known)[0] > 0.5
