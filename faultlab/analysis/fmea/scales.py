"""What the ratings from 1 to 10 mean for a software service, so that two people give the same one.

As in the AIAG & VDA FMEA Handbook (2019), severity 10 is for safety and 9 for law and regulation, whoever
notices what. Detection asks here who notices in service, since software goes on being tested there; the
handbook's detection ends when a product reaches the customer, and what a product notices in use is rated
by another table (FMEA-MSR), which this course does not include.
"""

SEVERITY = {
    10: "People can come to harm",
    9: "A law or a regulation is broken, as when personal data or paid orders are lost for good",
    8: "The main journey is down for all customers",
    7: "The main journey is down for some customers, or another journey for all",
    6: "A journey works, but part of it is missing for all customers",
    5: "A journey works, but part of it is missing for some customers",
    4: "Every customer notices: slow or wrong in small things",
    3: "Many customers notice",
    2: "A few attentive customers notice",
    1: "No customer notices",
}
OCCURRENCE = {
    10: "Daily or more often",
    9: "Weekly",
    8: "Every month",
    7: "Every three months",
    6: "Every six months",
    5: "Once a year",
    4: "Every two years",
    3: "Every five years",
    2: "Every ten years or more seldom",
    1: "Prevented by design: the cause cannot arise",
}
DETECTION = {
    10: "Nothing would notice; customers tell us, if anyone",
    9: "Found only by chance or by audit",
    8: "A person would have to look at a dashboard",
    7: "A weekly review or a manual test",
    6: "A daily check",
    5: "An alert on a symptom, within hours",
    4: "An alert on a symptom, within an hour",
    3: "An alert that pages someone within minutes",
    2: "Found and stopped by the release process before customers meet it",
    1: "Corrected by the system itself before it has an effect",
}
