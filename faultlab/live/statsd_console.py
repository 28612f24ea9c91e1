"""The console of a StatsD server, which answers as the daemon's own does (stats.js, lib/mgmt_console.js)."""

import time

from faultlab.live.inspected import inspected

HELP = (
    "Commands: stats, counters, timers, gauges, delcounters, deltimers, delgauges, health, config, quit\n\n"
)


class Console:
    """Answers one line after the other.

    Parameters
    ----------
    daemon : StatsD
        What it shows, and deletes keys from.
    settings : dict
        What `config` shows.

    Examples
    --------
    >>> from faultlab.metrics import StatsD
    >>> daemon = StatsD()
    >>> daemon.receive("shop.orders:2|c")
    >>> console = Console(daemon, {})
    >>> print(console.answer("delcounters shop.*"), end="")
    deleted: shop.orders
    END
    <BLANKLINE>
    """

    def __init__(self, daemon, settings):
        self.daemon, self.settings = daemon, settings
        self.started = self.last_seen = time.time()
        self.health = "up"
        self.cuts = 0
        self.bad = f"{daemon.options.prefix_stats}.bad_lines_seen"
        self.bad_before = 0.0

    def answer(self, line):
        """Return what is said to a line; None ends the connection."""
        command, *words = line.strip().split(" ")
        rooms = {"counters": self.daemon.counters, "timers": self.daemon.timers, "gauges": self.daemon.gauges}
        if command in rooms:
            return inspected(rooms[command]) + "\nEND\n\n"
        if command.startswith("del") and command[3:] in rooms:
            return _delete(rooms[command[3:]], words)
        if command == "quit":
            return None
        if command == "help":
            return HELP
        if command == "health":
            if words and words[0].lower() in ("up", "down"):
                self.health = words[0].lower()
            return f"health: {self.health}\n"
        if command == "stats":
            return self._stats()
        if command == "config":
            return self._config()
        return "ERROR\n"

    def _stats(self):
        now = round(time.time())
        bad = self.bad_before + self.daemon.counters.get(self.bad, 0.0)
        return (
            f"uptime: {now - round(self.started)}\n"
            f"messages.last_msg_seen: {now - round(self.last_seen)}\n"
            f"messages.bad_lines_seen: {bad:.0f}\n"
            f"messages.keys_dropped: {self.daemon.dropped}\n"
            "END\n\n"
        )

    def _config(self):
        said = ["\n"]
        for name, value in self.settings.items():
            if isinstance(value, dict):
                said += [f"{name} > {inner}: {one}\n" for inner, one in value.items()]
            else:
                said.append(f"{name}: {value}\n")
        return "".join(said)


def _delete(room, words):
    said = []
    for word in words:
        found = [word] if word in room else []
        if word.endswith(".*"):
            found += [key for key in room if key.startswith(word[:-1]) and key not in found]
        if not found:
            said.append(f"metric {word} not found\n")
        for key in found:
            del room[key]
            said.append(f"deleted: {key}\n")
    return "".join(said) + "END\n\n"
