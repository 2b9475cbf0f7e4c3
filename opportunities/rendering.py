"""A page turned into a PDF in a process of its own: `python -m opportunities.rendering`, JSON in, PDF out.

WeasyPrint takes more memory than a worker may keep, and what is drawn holds text that others typed: this process ends
with the page, reads no file and opens no connection. What a page may show comes with it, by name (`asset:logo`).
"""

from __future__ import annotations

import base64
import json
import sys


def main() -> None:
    """Read {"html": …, "assets": {name: base64}} and write the PDF."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    asked = json.load(sys.stdin)
    assets = {f"asset:{name}": base64.b64decode(body) for name, body in asked["assets"].items()}

    class OnlyAssets(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> object:
            if url not in assets:
                raise ValueError(f"Nothing is fetched: {url}")
            headers = {"Content-Type": "text/css"} if url == "asset:style" else None
            return URLFetcherResponse(url, assets[url], headers)

    document = HTML(string=asked["html"], base_url="asset:", url_fetcher=OnlyAssets())
    sys.stdout.buffer.write(document.write_pdf())


if __name__ == "__main__":
    main()
