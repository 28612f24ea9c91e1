"""The block diagram of a journey, from the system model."""


def journey_blocks(system, journey, once=True):
    """Return the block diagram of a journey.

    Parameters
    ----------
    system : System
    journey : str
    once : bool
        Whether a part that is needed twice in one series stands there once, which is the same system.
        False keeps every mention, as the services list them.

    Returns
    -------
    Series
        Blocks have the names of the fault tree's basic events: a component, a copy such as
        `web_servers/1`, a group's `web_servers/shared`.

    Examples
    --------
    >>> from faultlab.analysis import Component, Journey, Range, Service, System
    >>> parts = {name: Component(name, Range.point(0.99)) for name in ("app", "data")}
    >>> shop = System("Shop", "EUR", parts, services={"stock": Service("stock", ("data",))},
    ...               journeys={"buy": Journey("buy", ("app", "data", "stock"), Range.point(1.0))})
    >>> [block.name for block in journey_blocks(shop, "buy").parts]
    ['app', 'data']
    >>> len(journey_blocks(shop, "buy", once=False).parts)
    3
    """
    return system.block_diagram(journey, once)
