"""Six published breaches as fault trees, in the form of Azure's outages.

What is told was read in the named sources; how it is put together by gates is our reading, and every
breach says so. A tree says what came together, and blames nobody. Dates are those of the sources, without
hours.
"""

from __future__ import annotations

from datetime import UTC, datetime

from faultlab.analysis.engine import AND, Gate
from faultlab.cases.azure import Outage

OURS = "gates: our reading"


def _breach(
    title: str, began: tuple[int, int, int], gates: dict[str, Gate], source: str, note: str
) -> Outage:
    return Outage(title, datetime(*began, tzinfo=UTC), None, gates, f"{source}; {OURS}", note=note)


BREACHES = {
    "Code Spaces 2014": _breach(
        "Code Spaces",
        (2014, 6, 17),
        {
            "data and backups are deleted": AND("data can be deleted", "backups can be deleted"),
            "data can be deleted": AND("intruder is in the console", "extra logins made beforehand"),
            "backups can be deleted": AND(
                "intruder is in the console", "extra logins made beforehand", "backups on the same panel"
            ),
        },
        "the company's statement as reported by itwriting.com, June 2014",
        "The company reported that most data and backups were partly or wholly deleted; it stopped trading.",
    ),
    "Maersk 2017": _breach(
        "Maersk, NotPetya",
        (2017, 6, 27),
        {
            "systems are lost worldwide": AND("malware is inside", "every online controller is lost"),
            "malware is inside": AND("poisoned accounting update", "fast spread"),
            "every online controller is lost": AND("fast spread", "controllers are online together"),
        },
        "Maersk's chairman, Davos 2018, and results of 2017, as reported; Wired, 2018",
        "Reported: 45,000 PCs and 4,000 servers installed anew in ten days; 250 to 300 million USD. One "
        "domain controller in Ghana survived, since a power cut had taken it offline.",
    ),
    "Equifax 2017": _breach(
        "Equifax",
        (2017, 5, 13),
        {
            "data leaves for months": AND(
                "known flaw not patched", "expired certificate blinds the monitor", "network not divided"
            ),
        },
        "oversight.house.gov, committee report, December 2018; GAO-18-559",
        "Until 30 July 2017; 145.5 million people by the GAO, 148 million by the committee. The certificate "
        "had expired 19 months before; renewal exposed the traffic that day.",
    ),
    "Colonial Pipeline 2021": _breach(
        "Colonial Pipeline",
        (2021, 5, 7),
        {
            "pipeline stands still": AND("intruder is in", "company stops pumping"),
            "intruder is in": AND("password is known", "old remote access without second factor"),
        },
        "energy.gov; Senate hearing of 8 June 2021, as reported",
        "Until 13 May 2021. The company stopped the pipeline itself. Reported: a ransom of 4.4 million "
        "USD, of which 2.3 million were recovered.",
    ),
    "British Library 2023": _breach(
        "British Library",
        (2023, 10, 28),
        {
            "services are gone for months": AND(
                "intruder is in", "wide access inside", "old systems can't be rebuilt"
            ),
            "intruder is in": AND(
                "supplier's credentials (probable)", "terminal server without second factor"
            ),
        },
        "the Library's own review of 8 March 2024, as reported; bl.uk, May 2024",
        "Reported: 600 GB taken; old systems were the main cause of the slow recovery.",
    ),
    "Change Healthcare 2024": _breach(
        "Change Healthcare",
        (2024, 2, 21),
        {
            "claims stop for weeks": AND("systems are encrypted", "backups are encrypted too"),
            "systems are encrypted": AND("intruder is in", "free movement inside"),
            "backups are encrypted too": AND(
                "intruder is in", "free movement inside", "backups within reach"
            ),
            "intruder is in": AND("stolen credentials", "portal without second factor"),
        },
        "testimony of 1 May 2024, as reported",
        "Entry nine days before. Reported: a ransom of 22 million USD, and 192.7 million people concerned.",
    ),
}
