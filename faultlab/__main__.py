"""The command line: `python -m faultlab TOOL FILE [--json]`."""

import argparse
import importlib
import io
import json
import os
import pkgutil
import sys
from collections.abc import Sequence
from typing import NoReturn

from faultlab import commands
from faultlab.errors import BadInput


class _Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong, and where to read more."""

    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{message}; see `{self.prog} --help`.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one tool; return the exit status: 0, or 2 for input that can't be used.

    A tool with a `status(result)` may have another one for what it found, as `grade --verify` has.
    """
    tools = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    argv = sys.argv[1:] if argv is None else list(argv)
    if not argv or argv[0] not in tools:
        wants_help = not argv or argv[0] in ("-h", "--help")
        out = sys.stdout if wants_help else sys.stderr
        if not wants_help:
            print(f"There is no tool called {argv[0]!r}. ", end="", file=out)
        usage = "Usage: python -m faultlab TOOL FILE [--json], or TOOL --help; the tools: "
        print(f"{usage}{', '.join(tools)}.", file=out)
        return 0 if wants_help else 2

    tool = importlib.import_module(f"faultlab.commands.{argv[0]}")
    parser = _Parser(prog=f"python -m faultlab {argv[0]}", description=tool.__doc__)
    tool.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    try:
        arguments = parser.parse_args(argv[1:])
        result = tool.run(arguments)
        text = json.dumps(result, allow_nan=False) if arguments.json else tool.describe(result)
        print(text, flush=True)
    except BadInput as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(_os_error(error))
    return tool.status(result) if hasattr(tool, "status") else 0


def _refuse(message):
    print(" ".join(message.split()), file=sys.stderr)
    return 2


def _os_error(error):
    if isinstance(error, BrokenPipeError):
        # The reader went away: keep Python from complaining again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return "The program that was reading this output has gone."
    return f"{error.filename or 'A file'}: {error.strerror or error}. Check the path and try again."


if __name__ == "__main__":
    # A terminal that can't show a letter shows its number, not a traceback.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
