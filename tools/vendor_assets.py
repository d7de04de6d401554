"""Remake ``xsgeo/maps/assets/vendor`` from an npm install; for maintainers, never run by a planner.

The pages must open with no network, so what others would load from a content network is copied into the package once,
by this script, and carried with its licence. It takes only what the pages use: Leaflet's code and its style sheet. The
pictures that the style sheet names (layer switch, marker) are turned into data URIs, because a page with one file in it
has nowhere to fetch them from. ``MANIFEST.json`` records name, version, licence and SHA-256 of each file, and a test
compares the files with it, so an edit by hand does not go unnoticed.

Usage::

    npm install leaflet@1.9.4
    python tools/vendor_assets.py node_modules
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "xsgeo" / "maps" / "assets" / "vendor"
MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Library:
    """One npm package of which files are carried.

    Parameters
    ----------
    name
        Name of the package.
    files
        Files to carry, relative to the package.
    licence_file
        Its licence text.
    """

    name: str
    files: tuple[str, ...]
    licence_file: str = "LICENSE"


LIBRARIES = (Library("leaflet", ("dist/leaflet.js", "dist/leaflet.css")),)


def script_text(path: Path) -> str:
    """Return the script without its source map line, which a browser's inspector would ask for.

    Raises
    ------
    ValueError
        When the script holds text that would end the element it is put into.
    """
    text = re.sub(r"//# sourceMappingURL=\S*\s*$", "", path.read_text("utf-8"))
    if re.search(r"</script|<!--", text, re.IGNORECASE):
        msg = f"{path.name} cannot be inlined: it holds </script or <!--"
        raise ValueError(msg)
    return text.rstrip() + "\n"


def style_text(path: Path) -> str:
    """Return the style sheet with each picture it names as a data URI.

    Raises
    ------
    ValueError
        When it names something that is not a picture beside it.
    """

    def inline(match: re.Match[str]) -> str:
        name = match[1].strip("\"'")
        if name.startswith(("data:", "#")):
            return match[0]
        picture = path.parent / name
        if picture.suffix not in MEDIA_TYPES or not picture.is_file():
            msg = f"{path.name} names {name!r}, which cannot be inlined"
            raise ValueError(msg)
        code = base64.b64encode(picture.read_bytes()).decode("ascii")
        return f'url("data:{MEDIA_TYPES[picture.suffix]};base64,{code}")'

    return re.sub(r"url\(\s*([^)]+?)\s*\)", inline, path.read_text("utf-8")).rstrip() + "\n"


def vendor(library: Library, node_modules: Path) -> dict[str, object]:
    """Copy one library into the package and return its entry of the manifest."""
    folder = node_modules / library.name
    about = json.loads((folder / "package.json").read_text("utf-8"))
    files: list[dict[str, object]] = []
    licence = (folder / library.licence_file).read_text("utf-8").strip() + "\n"
    texts = {f"{library.name}.LICENSE.txt": licence}
    for name in library.files:
        path = folder / name
        texts[path.name] = script_text(path) if path.suffix == ".js" else style_text(path)
    for name, text in sorted(texts.items()):
        data = text.encode("utf-8")
        (VENDOR / name).write_bytes(data)
        files.append({"file": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
        print(f"{name:24} {len(data) / 1000:8.1f} kB")
    return {
        "name": about["name"],
        "version": about["version"],
        "licence": about["license"],
        "homepage": about["homepage"],
        "files": files,
    }


def main() -> None:
    """Read the folder from the command line, copy every library, write the manifest and the licences."""
    parser = argparse.ArgumentParser(description="Remake the vendored assets of xsgeo.maps.")
    parser.add_argument("node_modules", type=Path, help="folder made by npm install")
    node_modules: Path = parser.parse_args().node_modules
    VENDOR.mkdir(parents=True, exist_ok=True)
    entries = [vendor(library, node_modules) for library in LIBRARIES]
    manifest = json.dumps({"libraries": entries}, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    (VENDOR.parent / "MANIFEST.json").write_text(manifest, "utf-8")
    parts = ["# Licences of what the pages carry\n\nWritten by `tools/vendor_assets.py`.\n"]
    for library, entry in zip(LIBRARIES, entries, strict=True):
        licence = (VENDOR / f"{library.name}.LICENSE.txt").read_text("utf-8")
        parts.append(f"## {entry['name']} {entry['version']} ({entry['licence']})\n\n```text\n{licence}```\n")
    parts.append("The other files of this folder are xsgeo's own, under the project's licence.\n")
    (VENDOR.parent / "LICENSES.md").write_text("\n".join(parts), "utf-8")


if __name__ == "__main__":
    main()
