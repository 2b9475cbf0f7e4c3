"""`python -m crm.launcher {run,stop,clean}`."""

import sys

from crm.launcher.place import LauncherError, var_folder
from crm.launcher.run import end_leftovers, remove_data, run, stop_servers


def main() -> int:
    """Do what the one argument names; 1 and one sentence on stderr if it fails."""
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    try:
        if command == "run":
            return run()
        if command in ("stop", "clean"):
            end_leftovers(var_folder())
            stop_servers(var_folder())
            if command == "clean":
                remove_data(var_folder())
            return 0
    except LauncherError as error:
        print(f"sillage: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print(__doc__, file=sys.stderr)  # noqa: T201
    return 2


if __name__ == "__main__":
    sys.exit(main())
