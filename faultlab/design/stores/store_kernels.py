"""The two loops of the simulated store: one line for all servers, and a line for each.

First come, first served needs no event list: when a customer joins, the end of the service is known.
See `faultlab.design.stores.compiled` for how a loop is run.
"""

from __future__ import annotations

from faultlab.design.stores.compiled import Kernel

SERVED, LINE_FULL, SERVER_DIED, NO_SERVER = range(4)
RANDOM, ROUND_ROBIN, LEAST_CONNECTIONS, TWO_CHOICES, WEIGHTED, GIVEN = range(6)


def _own_lines(
    first, last, arrivals, services, kinds, draws, other_draws, limits, policy, look_every, fail_open,
    speeds, weights, in_from, in_to, dies, free_at, count, seen, head, tail, after, memory,
    starts, ends, chosen, outcomes,
):  # fmt: skip
    """Send customers `first` to `last` each to a server's own line; all state is in the arguments.

    `in_from`, `in_to`: when the balancer has a server in rotation; `dies`: when it really dies, which
    the balancer may learn later. `head`, `tail`, `after`: the customers in each line, linked in order.
    `limits` are the most customers in a line, those in service included, for each kind of customer.
    `memory`: the turn of round robin, and when the balancer looks at the lines next.
    """
    servers = len(speeds)
    rotation = [0] * servers
    size = 0
    changes_at = -1.0
    whole_weight = 0.0
    for i in range(first, last):
        now = arrivals[i]
        if now >= changes_at:
            size, changes_at, whole_weight = 0, 1e300, 0.0
            for s in range(servers):
                if in_from[s] <= now < in_to[s]:
                    rotation[size] = s
                    size += 1
                    whole_weight += weights[s]
                if now < in_from[s] < changes_at:
                    changes_at = in_from[s]
                if now < in_to[s] < changes_at:
                    changes_at = in_to[s]
            if size == 0 and fail_open:  # every check fails: doubt the checks, and use whatever was started
                for s in range(servers):
                    if in_from[s] <= now:
                        rotation[size] = s
                        size += 1
                        whole_weight += weights[s]
        if size == 0:
            starts[i] = ends[i] = now
            outcomes[i] = 3
            continue

        stale = look_every > 0.0
        if stale and now >= memory[1]:
            looked = now // look_every * look_every
            for s in range(servers):
                while head[s] >= 0 and ends[head[s]] <= looked:
                    head[s] = after[head[s]]
                    count[s] -= 1
                seen[s] = count[s]
            memory[1] = looked + look_every

        if policy == 1:
            turn = int(memory[0])
            best = rotation[turn % size]
            memory[0] = turn + 1.0
        elif policy == 2:
            # Ties go to the first from a random place on, or the first server would get them all.
            offset = int(draws[i] * size)
            best, fewest = -1, 0
            for step in range(size):
                s = rotation[(offset + step) % size]
                if not stale:
                    while head[s] >= 0 and ends[head[s]] <= now:
                        head[s] = after[head[s]]
                        count[s] -= 1
                    seen[s] = count[s]
                if best < 0 or seen[s] < fewest:
                    best, fewest = s, seen[s]
                    if fewest == 0:  # nobody has fewer, and the first of equals gets the customer
                        break
        elif policy == 3 and size > 1:
            place = int(draws[i] * size)
            other = int(other_draws[i] * (size - 1))
            if other >= place:
                other += 1
            best, s = rotation[place], rotation[other]
            if not stale:
                while head[best] >= 0 and ends[head[best]] <= now:
                    head[best] = after[head[best]]
                    count[best] -= 1
                while head[s] >= 0 and ends[head[s]] <= now:
                    head[s] = after[head[s]]
                    count[s] -= 1
                seen[best] = count[best]
                seen[s] = count[s]
            if seen[s] < seen[best]:
                best = s
        elif policy == 4:
            mark = draws[i] * whole_weight
            place = 0
            while place < size - 1 and mark >= weights[rotation[place]]:
                mark -= weights[rotation[place]]
                place += 1
            best = rotation[place]
        elif policy == 5:
            best = chosen[i]
        else:
            best = rotation[int(draws[i] * size)]

        chosen[i] = best
        while head[best] >= 0 and ends[head[best]] <= now:
            head[best] = after[head[best]]
            count[best] -= 1
        if now >= dies[best]:
            starts[i] = ends[i] = now
            outcomes[i] = 2
            continue
        if count[best] >= limits[kinds[i]]:
            starts[i] = ends[i] = now
            outcomes[i] = 1
            continue
        start = free_at[best]
        if start < now:
            start = now
        end = start + services[i] / speeds[best]
        free_at[best] = end
        starts[i] = start
        ends[i] = end
        after[i] = -1
        if head[best] < 0:
            head[best] = i
        else:
            after[tail[best]] = i
        tail[best] = i
        count[best] += 1


own_lines = Kernel(_own_lines)
