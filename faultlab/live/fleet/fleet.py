"""A small fleet of real processes on this machine, from the notebook's side."""

from __future__ import annotations

import contextlib
import http.client
import json
import secrets
import subprocess
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from faultlab.errors import BadInput
from faultlab.live.fleet.settings import checked_settings
from faultlab.live.fleet.starting import end_at_once, start_supervisor
from faultlab.live.load.loads import Load
from faultlab.live.processes.children import pipes_of
from faultlab.live.processes.control import ENDED, Door
from faultlab.live.processes.wire import LOOPBACK
from faultlab.live.runs.history import History

if TYPE_CHECKING:
    from faultlab.design.calls import Policy
    from faultlab.live.runs.runs import Run

MOST_FLEETS = 3

_running: set[Fleet] = set()


class Fleet:
    """HTTP workers behind a load balancer, real processes on loopback that end with the `with` block.

    Nothing in here blocks for long: workers, balancer, load and faults live in processes of their own.

    Parameters
    ----------
    workers : int
        1 to 16.
    policy : str
        How the balancer chooses: "round robin", "least connections" or "two choices".
    balancer : str
        "own", or "haproxy" where `haproxy_program` finds it.
    service_ms : float
        Mean time that a piece of work takes; the times are exponential.
    places, queue : int
        Pieces of work that a worker does at a time, and requests that may wait before it answers 503.
    restart : bool
        Whether the supervisor starts a dead worker again, after `restart_after` seconds (doubled with
        each death in a row).
    check_every, check_timeout : float
        Seconds between health checks, and seconds that a check waits.
    rise, fall : int
        Checks in a row that bring a worker into rotation or take it out; see `health_step`.
    balancer_timeout : float
        Seconds that the balancer waits for a worker before it answers 504.
    balancer_retries : int
        Other workers that the balancer tries when one refuses a request or breaks off.
    port : int
        Of the balancer; 0 takes a free one.
    minutes : float
        After which the fleet ends by itself.
    seed : int
        Of every random draw in the fleet.

    Raises
    ------
    BadInput
        For a value outside its limits, a port that is taken, or where no processes can be started.

    Examples
    --------
    >>> with Fleet(workers=2) as fleet:
    ...     fleet.get("/")["worker"] in (1, 2)
    True
    """

    _popen: subprocess.Popen[bytes]
    _door: Door

    def __init__(
        self,
        workers: int = 4,
        *,
        policy: str = "round robin",
        balancer: str = "own",
        service_ms: float = 5.0,
        places: int = 4,
        queue: int = 64,
        restart: bool = True,
        restart_after: float = 0.5,
        check_every: float = 0.25,
        check_timeout: float = 0.25,
        rise: int = 2,
        fall: int = 3,
        balancer_timeout: float = 2.0,
        balancer_retries: int = 0,
        port: int = 0,
        minutes: float = 10,
        seed: int = 0,
    ) -> None:
        given = {name: value for name, value in locals().items() if name != "self"}
        self.settings = checked_settings(given)
        self.port: int | None = None
        self._history: History | None = None

    def __enter__(self) -> Fleet:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def __repr__(self):
        state = f"at {self.url}" if self.running else "not running"
        return f"<Fleet of {self.settings['workers']}: {state}>"

    # beginning and end

    def start(self) -> Fleet:
        """Start all processes; returns the fleet when every worker can be reached."""
        if self.running:
            raise BadInput("This fleet is running already.")
        self.stop()
        _running.difference_update([fleet for fleet in _running if not fleet.running])
        if len(_running) >= MOST_FLEETS:
            raise BadInput(f"{MOST_FLEETS} fleets are running already; stop one of them first.")
        token = secrets.token_urlsafe(24)
        popen, said = start_supervisor({**self.settings, "token": token})
        self._popen, self.port, self._door = popen, said["port"], Door(said["door"], token)
        try:
            self._history = History(self._door, lambda: popen.poll() is None)
        except BaseException:
            end_at_once(popen)
            raise
        _running.add(self)
        return self

    def stop(self) -> None:
        """End every process of the fleet; what was seen can still be asked for."""
        if self._history is None:
            return
        orders, reports = pipes_of(self._popen)
        if orders.closed:
            return
        try:
            if not self._history.ended:
                with contextlib.suppress(BadInput):
                    self._history.end()
            orders.close()
            self._popen.wait(5)
            reports.close()
        except BaseException as error:
            end_at_once(self._popen)
            if not isinstance(error, OSError | subprocess.TimeoutExpired):
                raise
        finally:
            self._history.ended = True
            _running.discard(self)

    def reset(self) -> None:
        """Take every fault back; a fleet that has ended is started anew."""
        if self.running:
            self._door.do("heal")
        else:
            self.start()

    @property
    def running(self) -> bool:
        """Whether the fleet is there."""
        return self._history is not None and not self._history.ended and self._popen.poll() is None

    # what customers see

    @property
    def url(self) -> str:
        """The address of the balancer."""
        return f"http://{LOOPBACK}:{self.port}"

    def get(self, path: str = "/", timeout: float = 1.0) -> Any:
        """Ask the fleet one thing through its balancer; returns the answer, read where it is JSON.

        Raises
        ------
        ConnectionError
            If the connection breaks or the answer has a status of 500 or more.
        TimeoutError
            If no answer comes within `timeout` seconds. Both are what `faultlab.design.Policy` takes
            for failures: ``call(lambda timeout: fleet.get(timeout=timeout), policy)``.
        """
        self._ask_nothing_of_the_ended()
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from None
        finally:
            connection.close()
        if answer.status >= 500:
            raise ConnectionError(f"status {answer.status}")
        is_json = "json" in answer.getheader("Content-Type", "")
        return json.loads(body) if is_json else body.decode(errors="replace")

    def load(
        self,
        seconds: float,
        rate: float = 0,
        users: int = 0,
        *,
        think_ms: float = 0,
        arrivals: str = "poisson",
        timeout_ms: float = 1000,
        policy: Policy | None = None,
        seed: int | None = None,
    ) -> Load:
        """Start a load and return at once; ask the `Load` for its result.

        Parameters
        ----------
        seconds : float
            How long requests are sent.
        rate : float
            Requests a second, on their own schedule (an open loop) ...
        users : int
            ... or customers who each wait for an answer, and then `think_ms` on average (a closed loop).
        arrivals : str
            Of an open loop: "poisson" or "even".
        timeout_ms : float
            What a customer waits for an answer.
        policy : faultlab.design.Policy, optional
            Guards every call with timeout, retries, budget and breaker; then its own timeout counts.
        seed : int, optional
            Of arrivals and jitter; the fleet's where it is left out.
        """
        written = None
        if policy is not None:
            from faultlab.live.load.policy_orders import write_policy

            written = write_policy(policy)
        history = self._ask_nothing_of_the_ended()
        begun = self._do(
            "load",
            seconds=seconds,
            rate=rate,
            users=users,
            think_ms=think_ms,
            arrivals=arrivals,
            timeout_ms=timeout_ms,
            policy=written,
            seed=self.settings["seed"] if seed is None else seed,
        )
        return Load(self, history.load_ends, begun["load"])

    def stop_load(self) -> None:
        """Let the load that runs send nothing more."""
        self._do("stop_load")

    # faults

    def kill(self, worker: int | str) -> None:
        """Kill a worker (SIGKILL), or the balancer: ``fleet.kill("balancer")``."""
        self._do("kill", worker=worker)

    def pause(self, worker: int) -> None:
        """Stop a worker in its tracks (SIGSTOP): a gray failure, alive and without an answer."""
        self._do("pause", worker=worker)

    def resume(self, worker: int) -> None:
        """Let a paused worker go on (SIGCONT)."""
        self._do("resume", worker=worker)

    def slow(self, worker: int, ms: float) -> None:
        """Make every piece of work on a worker slower; its health checks stay quick."""
        self._do("slow", worker=worker, ms=ms)

    def fail(self, worker: int, share: float) -> None:
        """Let a worker answer a share of its work with status 500; its health checks pass."""
        self._do("fail", worker=worker, share=share)

    def leak(self, worker: int, mb_a_second: float = 50) -> None:
        """Let a worker leak memory until it reaches its limit of 128 MB and dies."""
        self._do("leak", worker=worker, mb_a_second=mb_a_second)

    def network(
        self, worker: int, *, delay_ms: float = 0, drop: float = 0, reset: float = 0, half_open: bool = False
    ) -> None:
        """Put a broken network before a worker; without a fault, mend it.

        Parameters
        ----------
        worker : int
        delay_ms : float
            Added to every request on its way to the worker.
        drop, reset : float
            Shares of requests that are lost without a word, or whose connection is reset.
        half_open : bool
            Connections are accepted and stay open, and nobody is at the other end any more.
        """
        self._do("network", worker=worker, delay_ms=delay_ms, drop=drop, reset=reset, half_open=half_open)

    def heal(self, worker: int | None = None) -> None:
        """Take back every fault of a worker, or of all."""
        self._do("heal", worker=worker)

    def provider(self, action: str, **details: object) -> dict[str, Any]:
        """Return an action on this fleet for an experiment, which the Chaos Toolkit's program can run too.

        Parameters
        ----------
        action : str
            A method above, such as "kill".
        details
            What it takes, such as ``worker=2``.

        Returns
        -------
        dict
            A provider for `faultlab.design.Action`. It holds the key to this fleet, and to no other.
        """
        from faultlab.design.experiments import http_provider

        self._ask_nothing_of_the_ended()
        headers = {**self._door.headers, "Content-Type": "application/json"}
        arguments = {"action": action, **details}
        return http_provider(f"{self._door.url}/do", "POST", headers=headers, arguments=arguments)

    # what happened

    def run(self) -> Run:
        """What happened so far, as a `Run`; also after the end."""
        if self._history is None:
            raise BadInput("This fleet has not been started: use it in `with Fleet(…) as fleet:`.")
        return self._history.run(dict(self.settings))

    def processes(self) -> dict[str, int]:
        """The names and process numbers of what is running now."""
        history = self._ask_nothing_of_the_ended()
        history.fetch()
        return {"supervisor": self._popen.pid, **history.processes}

    def wait_until(self, seen: Callable[[Run], object], seconds: float = 10) -> bool:
        """Wait until something is true of the run; returns whether it became true in time.

        Parameters
        ----------
        seen : callable
            Gets the `Run`, returns whether to stop waiting.
        seconds : float
        """
        deadline = time.monotonic() + seconds
        while not (found := seen(self.run())) and self.running and time.monotonic() < deadline:
            time.sleep(0.05)
        return bool(found)

    # inside

    def _do(self, action: str, **details: object) -> dict[str, Any]:
        self._ask_nothing_of_the_ended()
        return self._door.do(action, **details)

    def _ask_nothing_of_the_ended(self) -> History:
        if self._history is None or not self.running:
            raise BadInput(ENDED if self._history else "Start the fleet first: `with Fleet(…) as fleet:`.")
        return self._history
