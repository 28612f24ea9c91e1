"""Kestrel's sale, decided by the reader: ten minutes at a time, without knowing what comes."""

import anywidget
import traitlets
from IPython.display import HTML, display

from faultlab.cases import (
    BEST_PLAN_FOUND,
    DECIDE_EVERY,
    KESTREL_EVENING,
    decided,
    evening_so_far,
    scaled_evening,
)
from faultlab.errors import BadInput
from faultlab.views.browser_side import HERE, script, styles
from faultlab.views.busy_kernel import answer_while_busy
from faultlab.views.page import folded_table, framed, image
from faultlab.views.picture import Picture
from faultlab.views.sale_evening import drawn_evening
from faultlab.views.words import euros, share

TITLE = "Your evening: how many servers?"
DECISIONS = KESTREL_EVENING.minutes // DECIDE_EVERY


def evening_picture(servers):
    """Draw what the decisions so far have brought; the score, once all are made.

    Parameters
    ----------
    servers : sequence of int
        The servers wanted from minute 0 on, from minute 10 on, and so forth.

    Returns
    -------
    Picture

    Examples
    --------
    >>> evening_picture(()).sentence
    'How many servers for the first ten minutes? 7 run now.'
    """
    so_far = evening_so_far(servers) if servers else dict.fromkeys(("customers", "lost", "in_service"), ())
    svg, alt = drawn_evening(so_far)
    rows = tuple(
        {
            "From minute": DECIDE_EVERY * place,
            "Servers": wanted,
            "Customers lost": int(_ten(so_far["lost"], place)),
            "EUR lost": round(float(_ten(so_far["lost_money"], place))),
        }
        for place, wanted in enumerate(servers)
    )
    if not servers:
        sentence = f"How many servers for the first ten minutes? {KESTREL_EVENING.first} run now."
    elif len(servers) < DECISIONS:
        lost, came = (_ten(so_far[name], len(servers) - 1) for name in ("lost", "customers"))
        needed = so_far["customers"][-1] / 60 * KESTREL_EVENING.service
        sentence = (
            f"Minute {DECIDE_EVERY * len(servers)}: in the last ten minutes {share(lost / came)} of the "
            f"customers were lost. {so_far['in_service'][-1]:.0f} servers serve; {needed:.0f} would be busy "
            "all the time."
        )
    else:
        sentence = _score(servers)
    return Picture(svg, alt, sentence, rows)


class EveningGame:
    """The evening with a box for the next decision; in code, `decide` makes one.

    Examples
    --------
    >>> game = EveningGame()
    >>> game.decide(9)
    >>> game.servers
    (9,)
    """

    def __init__(self):
        self.servers, self._widget = (), None
        self._picture = evening_picture(())

    def __repr__(self):
        return f"<Evening: {TITLE}>"

    @property
    def picture(self):
        """The present `Picture`."""
        return self._picture

    @property
    def over(self):
        """Whether every decision is made."""
        return len(self.servers) == DECISIONS

    def decide(self, servers):
        """Play the next ten minutes with so many servers.

        Raises
        ------
        BadInput
            For a number outside what the evening allows, or when the evening is over.
        """
        low, high = KESTREL_EVENING.fewest, KESTREL_EVENING.quota
        if self.over:
            raise BadInput("The evening is over: begin it again.")
        if isinstance(servers, bool) or not isinstance(servers, int) or not low <= servers <= high:
            raise BadInput(f"Kestrel can run {low} to {high} servers, a whole number.")
        self._show((*self.servers, servers))

    def again(self):
        """Begin the evening again."""
        self._show(())

    @property
    def widget(self):
        """The ipywidget, made when it is first asked for."""
        if self._widget is None:
            self._widget = _View(title=TITLE, frame=self._frame())
            self._widget.on_msg(self._answer)
            answer_while_busy(self._widget)
        return self._widget

    def _show(self, servers):
        self._picture, self.servers = evening_picture(servers), servers
        if self._widget is not None:
            self._widget.frame = self._frame()

    def _answer(self, _widget, content, _buffers):
        try:
            if content.get("again"):
                self.again()
            else:
                self.decide(content.get("servers"))
        except BadInput as wrong:
            self._widget.frame = self._frame(str(wrong))

    def _frame(self, note=""):
        return {
            "svg": self._picture.svg,
            "sentence": self._picture.sentence,
            "table": folded_table(list(self._picture.rows), "Your decisions"),
            "from": DECIDE_EVERY * len(self.servers),
            "to": DECIDE_EVERY * (len(self.servers) + 1),
            "servers": self.servers[-1] if self.servers else KESTREL_EVENING.first,
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


class _View(anywidget.AnyWidget):
    """What the browser holds of the evening."""

    _esm = script(HERE / "evening_game.js")
    _css = styles("explorer.css")
    title = traitlets.Unicode().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)

    def __repr__(self):
        return f"<Evening: {self.title}>"


def _score(servers):
    yours = scaled_evening(KESTREL_EVENING, decided(servers))
    best = scaled_evening(KESTREL_EVENING, decided(BEST_PLAN_FOUND))
    orders = yours.customers * KESTREL_EVENING.checkout_share
    return (
        f"The evening is over. It cost {euros(yours.total_money)}: servers {euros(yours.servers_money)}, "
        f"{share(yours.lost_checkouts / orders)} of the orders lost. The best plan found, knowing all, costs "
        f"{euros(best.total_money)}: your score is {share(best.total_money / yours.total_money)}."
    )


def _ten(values, place):
    return sum(values[DECIDE_EVERY * place : DECIDE_EVERY * (place + 1)])
