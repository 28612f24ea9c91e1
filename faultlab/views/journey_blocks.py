"""The block diagram of a journey, from the system model."""

from faultlab.views.blocks import Block, Parallel, Series


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
    return _series(system, system.journey(journey).needs, once)


def _series(system, names, once):
    parts = [part for name in names for part in _parts(system, name, once)]
    return Series(tuple(dict.fromkeys(parts)) if once else tuple(parts))


def _parts(system, name, once):
    """What a name puts into a series: one part, or the parts of a service or group."""
    if name in system.components:
        return [Block(name)]
    if name in system.services:
        return list(_series(system, system.services[name].needs, once).parts)
    group = system.groups[name]
    if group.among:
        members = [_series(system, [member], once) for member in group.among]
        return [Parallel(tuple(_plain(member) for member in members), group.needs)]
    alone = sum(one.of == group.of for one in system.groups.values()) == 1
    words = f"{_spaced(group.of)} " if alone else f"{_spaced(name)}: copy "
    copies = tuple(Block(f"{name}/{i + 1}", f"{words}{i + 1}") for i in range(group.copies))
    shared = [Block(f"{name}/shared", f"{_spaced(name)}: shared cause")] if group.shared_cause.high else []
    return [Parallel(copies, group.needs), *shared]


def _plain(series):
    return series.parts[0] if len(series.parts) == 1 else series


def _spaced(name):
    return name.replace("_", " ")
