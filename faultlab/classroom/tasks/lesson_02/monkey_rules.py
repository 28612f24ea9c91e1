"""Functions of lab 02: since when there must have been no kill, and who may be killed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from faultlab.cases.netflix import Exemption, Instance, InstanceGroup, eligible_instances
from faultlab.cases.netflix import no_kills_since as cut_off_of_the_package
from faultlab.classroom.answers.kinds import Function, Misconception
from faultlab.classroom.answers.sandbox import Case


def no_kills_since(days, now):
    """The end of the working day (15:00 in Los Angeles), that many working days back."""
    moment = datetime.fromisoformat(now).astimezone(ZoneInfo("America/Los_Angeles"))
    while moment.isoweekday() > 5 or days > 0:
        if moment.isoweekday() < 6:
            days = days - 1
        moment = moment - timedelta(days=1)
    return moment.replace(hour=15, minute=0, second=0, microsecond=0).isoformat()


def _weekends_count(days, now):
    moment = datetime.fromisoformat(now).astimezone(ZoneInfo("America/Los_Angeles")) - timedelta(days=days)
    return moment.replace(hour=15, minute=0, second=0, microsecond=0).isoformat()


def _so_many_times_24_hours(days, now):
    end = datetime.fromisoformat(no_kills_since(days, now))
    moment = datetime.fromisoformat(now).astimezone(ZoneInfo("America/Los_Angeles"))
    return end.replace(hour=moment.hour, minute=moment.minute, second=moment.second).isoformat()


def _the_day_in_utc(days, now):
    moment = datetime.fromisoformat(now).astimezone(UTC)
    return no_kills_since(days, moment.replace(tzinfo=ZoneInfo("America/Los_Angeles")).isoformat())


def _winter_all_year(days, now):
    return no_kills_since(days, now)[:-6] + "-08:00"


def _moments(draw):
    minute = f"{draw.integer(10, 59)}"
    days = draw.integer(2, 4)
    return [
        Case("a Thursday, one day", (1, f"2015-12-17T11:{minute}:00-08:00")),
        Case("the same day", (0, f"2015-12-17T16:{minute}:01-08:00")),
        Case("over a weekend", (days, f"2015-12-14T09:{minute}:00-08:00")),
        Case("the clocks went forward", (1, f"2016-03-14T12:{minute}:46-07:00")),
        Case("the clocks went back", (2, f"2016-11-08T12:{minute}:46-08:00")),
        Case("a Sunday", (1, f"2026-03-08T12:{minute}:00-07:00")),
        Case("a Saturday, no day", (0, f"2026-03-07T12:{minute}:00-08:00")),
        Case("a Saturday, some days", (days, f"2026-07-11T12:{minute}:00-07:00")),
        Case("asked from Tokyo, where it is tomorrow", (1, f"2015-12-18T03:{minute}:00+09:00")),
        Case("just before midnight, asked in UTC", (1, f"2026-07-15T06:{minute}:59+00:00")),
        Case("New Year's Day, a working day to Chaos Monkey", (1, f"2016-01-01T12:{minute}:00-08:00")),
        Case("thirty days", (30, f"2015-12-18T11:{minute}:11-08:00")),
        Case("with parts of a second", (1, f"2026-07-15T10:{minute}:11.250000-07:00")),
    ]


minimum_time = Function(
    name="minimum_time",
    title="Since when must there be no kill?",
    question=(
        'Write no_kills_since(days, now). now is a text such as "2015-12-17T11:35:00-08:00", in any zone. Return '
        "the cut-off as such a text: 15:00 in Los Angeles, on the working day that many working days back. With 0 "
        "days it is today's, or Friday's at a weekend. Weekends don't count; holidays are working days."
    ),
    points=3,
    reference=lambda days, now: cut_off_of_the_package(days, datetime.fromisoformat(now)).isoformat(),
    solution=no_kills_since,
    cases=_moments,
    hints=(
        'datetime.fromisoformat(now).astimezone(ZoneInfo("America/Los_Angeles")) is the time there.',
        "Go back a day at a time. A day of the weekend costs nothing; a working day costs one of the days.",
        ".replace(hour=15, minute=0, second=0, microsecond=0).isoformat() gives the text, with the offset of that "
        "day.",
    ),
    misconceptions=(
        Misconception(
            "weekends count",
            _weekends_count,
            "Saturday and Sunday aren't working days: going back over them costs nothing.",
        ),
        Misconception(
            "keeps the time of day",
            _so_many_times_24_hours,
            "The cut-off is at the end of the working day, 15:00, whatever time it is now.",
        ),
        Misconception(
            "takes the day in UTC",
            _the_day_in_utc,
            "Late in the evening in Los Angeles it is tomorrow in UTC. Change the zone first, then count days.",
        ),
        Misconception(
            "winter all year",
            _winter_all_year,
            "In summer Los Angeles is at -07:00. Let ZoneInfo find the offset of the day.",
        ),
    ),
)


def may_be_killed(servers, exceptions):
    """The ids of the servers that neither an exception nor their name spares."""
    found = []
    for server in servers:
        parts = [*server["cluster"].split("-", 2), "", ""]
        place = {
            "account": server["account"],
            "stack": parts[1],
            "detail": parts[2],
            "region": server["region"],
        }
        spared = server["cluster"].endswith(("-canary", "-baseline", "-citrus", "-citrusproxy"))
        for exception in exceptions:
            if all(exception[field] == "*" or exception[field] == place[field] for field in place):
                spared = True
        if not spared:
            found.append(server["id"])
    return found


def _by_the_package(servers, exceptions):
    fleet = [Instance(s["cluster"], s["region"], s["id"], s["account"]) for s in servers]
    spared = [Exemption(**exception) for exception in exceptions]
    groups = dict.fromkeys(InstanceGroup(one.app, one.account) for one in fleet)
    alive = {one.id for group in groups for one in eligible_instances(fleet, group, spared)}
    return [one.id for one in fleet if one.id in alive]


def _canaries_too(servers, exceptions):
    plain = [{**s, "cluster": s["cluster"] + "x" * s["cluster"].endswith(_ENDINGS)} for s in servers]
    return may_be_killed(plain, list(exceptions))


_ENDINGS = ("-canary", "-baseline", "-citrus", "-citrusproxy")


def _empty_is_everything(servers, exceptions):
    return may_be_killed(servers, [{key: value or "*" for key, value in e.items()} for e in exceptions])


def _one_field_is_enough(servers, exceptions):
    def spared(server, exception):
        parts = [*server["cluster"].split("-", 2), "", ""]
        place = {
            "account": server["account"],
            "stack": parts[1],
            "detail": parts[2],
            "region": server["region"],
        }
        return any(exception[field] == place[field] for field in place)

    left = [s for s in servers if not any(spared(s, e) for e in exceptions)]
    return may_be_killed(left, [])


def _detail_to_the_next_hyphen(servers, exceptions):
    return may_be_killed(
        [
            {
                **s,
                "cluster": "-".join(s["cluster"].split("-")[:3])
                + "-canary" * s["cluster"].endswith(_ENDINGS),
            }
            for s in servers
        ],
        exceptions,
    )


def _herds(draw):
    here, there = draw.sample(["eu-north", "eu-south", "us-east"], 2)
    names = [
        "web",
        "web-prod",
        "web-prod-checkout",
        "web-prod-checkout-eu",
        "web--checkout",
        "web-staging-checkout",
    ]
    every = [*names, "web-prod-canary", "web-prod-baseline", "web-prod-citrus", "web-prod-citrusproxy"]
    odd = ["web-prod-canary-2", "web-canary-prod", "web-prod-notcanary", "web-canary"]

    def herd(clusters):
        return [
            {"id": f"i-{n}-{region}", "account": "prod", "cluster": cluster, "region": region}
            for n, cluster in enumerate(clusters)
            for region in (here, there)
        ]

    def spare(account="prod", stack="*", detail="*", region="*"):
        return {"account": account, "stack": stack, "detail": detail, "region": region}

    return [
        Case("no exception", (herd(names), [])),
        Case("no server", ([], [spare()])),
        Case("canaries and the like", (herd(every), [])),
        Case("names that only look like canaries", (herd(odd), [])),
        Case("one region", (herd(names), [spare(region=here)])),
        Case("a stack", (herd(names), [spare(stack="prod")])),
        Case("a detail with a hyphen", (herd(names), [spare(detail="checkout-eu")])),
        Case("a detail that begins alike", (herd(names), [spare(detail="checkout")])),
        Case("an empty detail", (herd(names), [spare(detail="")])),
        Case("an empty stack", (herd(names), [spare(stack="", detail="checkout")])),
        Case("another account", (herd(names), [spare(account="test")])),
        Case("everything", (herd(names), [spare(account="*")])),
        Case("all four fields", (herd(names), [spare("prod", "staging", "checkout", there)])),
        Case(
            "two exceptions", (herd(every), [spare(stack="staging"), spare(detail="checkout", region=here)])
        ),
        Case("a star inside a word", (herd(names), [spare(stack="pro*")])),
    ]


who_may_be_killed = Function(
    name="who_may_be_killed",
    title="Who may be killed?",
    question=(
        "Write may_be_killed(servers, exceptions). A server is a dictionary with id, account, cluster and region; its "
        "cluster is named app-stack-detail, where stack and detail may be missing and the detail may have hyphens. An "
        'exception has account, stack, detail and region; "*" matches everything, and an empty text only what is '
        "missing. A server is spared if all four fields of an exception match it, or if its cluster ends in -canary, "
        "-baseline, -citrus or -citrusproxy. Return the ids of the others, in their order."
    ),
    points=3,
    reference=_by_the_package,
    solution=may_be_killed,
    cases=_herds,
    hints=(
        'cluster.split("-", 2) cuts at the first two hyphens only; stack or detail may be missing then.',
        'An exception matches if each of its fields is "*" or equal to the server\'s.',
        'cluster.endswith(("-canary", …)) takes several endings at once.',
    ),
    misconceptions=(
        Misconception(
            "kills canaries",
            _canaries_too,
            "Clusters that end in -canary, -baseline, -citrus or -citrusproxy are never touched.",
        ),
        Misconception(
            "an empty field matches everything",
            _empty_is_everything,
            'Only "*" matches everything. An empty stack or detail matches clusters that have none.',
        ),
        Misconception(
            "one matching field is enough",
            _one_field_is_enough,
            "All four fields have to match before a server is spared.",
        ),
        Misconception(
            "a detail ends at the next hyphen",
            _detail_to_the_next_hyphen,
            "Cut at the first two hyphens only: the detail may have hyphens of its own.",
        ),
    ),
)
