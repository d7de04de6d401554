"""``python -m xsgeo.cli``, for an environment whose scripts are not on the path."""

from __future__ import annotations

from xsgeo.cli import main

if __name__ == "__main__":
    main()
