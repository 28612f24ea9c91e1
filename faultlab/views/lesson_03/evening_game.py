"""Kestrel's sale, run by the reader, a minute or ten at a time, without knowing what comes."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import HTML, display

from faultlab.cases.amazon import (
    BEST_PLAN_FOUND,
    DECIDE_EVERY,
    KESTREL_EVENING,
    EveningInPlay,
    decided,
    scaled_evening,
)
from faultlab.errors import BadInput
from faultlab.views.kit.browser_side import HERE, View, script
from faultlab.views.kit.busy_kernel import answer_while_busy
from faultlab.views.kit.page import folded_table, framed, image
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import euros, share
from faultlab.views.lesson_03.sale_evening import drawn_evening

TITLE = "You run the evening: how many servers?"
STEPS = (1, 5, DECIDE_EVERY)
"""Minutes that a decision may hold."""


def evening_picture(moves: Sequence[tuple[int, int]], play: EveningInPlay | None = None) -> Picture:
    """Draw what the decisions so far have brought; the score, once the evening is over.

    Parameters
    ----------
    moves : sequence of (int, int)
        Servers wanted, and for how many minutes; one decision after the other.
    play : faultlab.cases.EveningInPlay, optional
        The evening played so far, where it has been; it is played here otherwise.

    Returns
    -------
    Picture

    Examples
    --------
    >>> evening_picture(()).sentence
    'You have 7 servers in service. How many do you want?'
    """
    if play is None:
        play = EveningInPlay(KESTREL_EVENING)
        for move in moves:
            _play_on(play, *move)
    so_far = play.by_minute()
    svg, alt = drawn_evening(so_far)
    rows, begins = [], 0
    for servers, minutes in moves:
        these = slice(begins, begins + minutes)
        rows.append(
            {
                "From minute": begins,
                "Servers": servers,
                "Customers lost": int(sum(so_far["lost"][these])),
                "EUR lost": round(float(sum(so_far["lost_money"][these]))),
            }
        )
        begins += minutes
    if not moves:
        sentence = f"You have {KESTREL_EVENING.first} servers in service. How many do you want?"
    elif play.minute < KESTREL_EVENING.minutes:
        lost, came = (sum(so_far[name][these]) for name in ("lost", "customers"))
        needed = so_far["customers"][-1] / 60 * KESTREL_EVENING.service
        since = "minute" if minutes == 1 else f"{minutes} minutes"
        sentence = (
            f"Minute {play.minute}. In the last {since}, {share(lost / came) if lost else 'none'} of the "
            f"customers {'were' if lost else 'was'} lost. You have {so_far['in_service'][-1]:.0f} servers in "
            f"service; the traffic is enough to keep {needed:.0f} fully busy."
        )
    else:
        sentence = _score(play.played())
    return Picture(svg, alt, sentence, tuple(rows))


def _play_on(play, servers, minutes):
    for _ in range(minutes):
        if play.minute:  # the evening begins with the servers that are there
            play.order(servers)
        play.serve()


class EveningGame:
    """The evening with a box for the next decision; in code, `decide` makes one.

    Examples
    --------
    >>> game = EveningGame()
    >>> game.decide(9)
    >>> game.decide(12, minutes=1)
    >>> game.moves
    ((9, 10), (12, 1))
    """

    def __init__(self) -> None:
        self._widget: _View | None = None
        self.again()

    def __repr__(self):
        return f"<Evening: {TITLE}>"

    @property
    def picture(self) -> Picture:
        """The present `Picture`."""
        return self._picture

    @property
    def over(self) -> bool:
        """Whether every minute is decided."""
        return self._play.minute == KESTREL_EVENING.minutes

    def decide(self, servers: int, minutes: int = DECIDE_EVERY) -> None:
        """Play the next minutes with so many servers; the last decision may be cut short by the end.

        Raises
        ------
        BadInput
            For a number outside what the evening allows, or when the evening is over.
        """
        low, high = KESTREL_EVENING.fewest, KESTREL_EVENING.quota
        if self.over:
            raise BadInput("The evening is over. Start it again to play another.")
        if isinstance(servers, bool) or not isinstance(servers, int) or not low <= servers <= high:
            raise BadInput(f"Type a whole number of servers from {low} to {high}.")
        if minutes not in STEPS or isinstance(minutes, bool):
            raise BadInput(f"A decision lasts {', '.join(map(str, STEPS[:-1]))} or {STEPS[-1]} minutes.")
        minutes = min(minutes, KESTREL_EVENING.minutes - self._play.minute)
        _play_on(self._play, servers, minutes)
        self._show((*self.moves, (servers, minutes)))

    def again(self) -> None:
        """Begin the evening again."""
        self._play = EveningInPlay(KESTREL_EVENING)
        self._show(())

    @property
    def widget(self) -> _View:
        """The ipywidget, made when it is first asked for."""
        if self._widget is None:
            self._widget = _View(title=TITLE, frame=self._frame())
            self._widget.on_msg(self._answer)
            answer_while_busy(self._widget)
        return self._widget

    def _show(self, moves):
        self._picture, self.moves = evening_picture(moves, self._play), moves
        if self._widget is not None:
            self._widget.frame = self._frame()

    def _answer(self, _widget, content, _buffers):
        try:
            if content.get("again"):
                self.again()
            else:
                self.decide(content.get("servers"), content.get("minutes", DECIDE_EVERY))
        except BadInput as wrong:
            assert self._widget is not None  # it was heard
            self._widget.frame = self._frame(str(wrong))

    def _frame(self, note=""):
        return {
            "svg": self._picture.svg,
            "sentence": self._picture.sentence,
            "table": folded_table(list(self._picture.rows), "Your decisions"),
            "from": self._play.minute,
            "steps": list(STEPS),
            "servers": self.moves[-1][0] if self.moves else KESTREL_EVENING.first,
            "low": KESTREL_EVENING.fewest,
            "high": KESTREL_EVENING.quota,
            "over": self.over,
            "note": note,
        }

    def _ipython_display_(self):
        """Show the still picture, which stays where there is no kernel, and then the live one."""
        still = framed(
            image(self._picture.svg.encode(), "svg+xml", self._picture.alt), self._picture.sentence
        )
        display(HTML(f"<div class='faultlab-still'>{still}</div>"))
        display(self.widget)


class _View(View):
    """What the browser holds of the evening."""

    kind = "Evening"
    _esm = script(HERE / "evening_game.js")


def _score(yours):
    best = scaled_evening(KESTREL_EVENING, decided(BEST_PLAN_FOUND))
    orders = yours.customers * KESTREL_EVENING.checkout_share
    return (
        f"The evening is over. It cost {euros(yours.total_money)}, of which {euros(yours.servers_money)} "
        f"for servers; {share(yours.lost_checkouts / orders)} of orders were lost. The best plan we found, "
        f"with full hindsight, costs {euros(best.total_money)}. "
        f"Your score: {share(best.total_money / yours.total_money)}."
    )
