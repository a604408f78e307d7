"""With `--base-url` links work behind proxies that strip the path, and those that keep it."""

from __future__ import annotations

import contextlib
import html
import re
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from datasette.app import Datasette

from loader.web.server import make_datasette
from tests.servers import answers, running
from tests.web.conftest import Get, client_of, serving

BASE = "/recorder/"
PAGES = (
    "", "symbol/", "symbol/OGDC", "search?q=oil", "day/2024-05-10", "coverage/2024", "archive",
    "archive/articles", "archive/articles/1", "archive/boards/1", "archive/snapshots/1",
    "archive/quotes?_size=2", "archive/quote_history?symbol=OGDC&_size=1",
    "archive/search_articles?q=cotton", "archive/board_movers", "archive/instruments/1",
    "symbol/NOPE", "api", "-/versions",
)  # fmt: skip
PAGED = ("archive/articles.json?_size=1", "archive/quote_history.json?_size=1&symbol=OGDC",
         "archive/quotes.json?_size=3&_sort=price")  # fmt: skip
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")

Ask = Callable[[str], httpx.Response]


def links_of(page: str) -> set[str]:
    """Return all links and resources of a page on this host, except those in scripts."""
    found = re.findall(r'(?:href|src|action)="([^"#]+)', page)
    return {html.unescape(link) for link in found if not link.startswith(("mailto:", "data:"))}


def inside(datasette: Datasette, strip: bool) -> Ask:
    """Return a client that acts like a proxy that strips the path, or one that keeps it."""
    get: Get = client_of(datasette)

    def ask(address: str) -> httpx.Response:
        split = urlsplit(urljoin(f"http://localhost{BASE}", address))
        assert split.path.startswith(BASE), f"{address} is outside of the proxy's path"
        path = f"/{split.path[len(BASE) :]}" if strip else split.path
        target = f"{path}?{split.query}" if split.query else path
        return get(target, avoid_path_rewrites=True)

    return ask


@pytest.fixture(scope="module", params=["stripped", "passed on"])
def ask(request: pytest.FixtureRequest, sample_archive: Path) -> Ask:
    datasette = make_datasette(sample_archive, base_url=BASE)
    # Most links stand on every page.
    return cache(inside(datasette, strip=request.param == "stripped"))


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_leads_somewhere(ask: Ask, path: str) -> None:
    page = ask(BASE + path)
    assert page.status_code == (404 if "NOPE" in path else 200)
    links = {urljoin(f"http://localhost{BASE}{path}", link) for link in links_of(page.text)}
    links = {link for link in links if urlsplit(link).netloc == "localhost"}
    assert len(links) > 3
    data = sorted(link for link in links if re.search(r"\.(json|csv)\b", link))
    others = sorted(links - set(data))
    for link in [*data[:8], *others[:: max(1, len(others) // 10)]]:
        assert ask(link).status_code in (200, 302, 404 if "NOPE" in link else 200), link


@pytest.mark.parametrize("path", PAGED)
def test_next_pages_are_found_in_json_and_in_the_header(ask: Ask, path: str) -> None:
    seen = []
    address = f"http://localhost{BASE}{path}"
    for _ in range(3):
        answer = ask(address)
        assert answer.status_code == 200, address
        seen.append(str(answer.json()["rows"]))
        address = answer.json()["next_url"]
        assert address.startswith(f"http://localhost{BASE}archive/")
    assert len(set(seen)) == 3
    header = ask(f"{BASE}{path}&_shape=array").headers["link"]
    assert ask(re.search("<(.*?)>", header)[1]).status_code == 200  # type: ignore[index]


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("symbol/BYCO", "symbol/CNERGY"), ("symbol/ogdc", "symbol/OGDC"), ("day/", "day/20"),
        ("archive/", "archive"),
        ("archive/quotes/1%2C2", "archive/quotes/1,2"),
        ("archive/quotes?_filter_column=price&_filter_op=gt&_filter_value=5",
         "archive/quotes?price__gt=5"),
        ("archive/quotes?_sort=price&_sort_by_desc=on", "archive/quotes?_sort_desc=price"),
    ],
)  # fmt: skip
def test_redirects_stay_under_the_path(ask: Ask, path: str, target: str) -> None:
    answer = ask(BASE + path)
    for _ in range(2):
        assert answer.status_code in (301, 302)
        location = urlsplit(answer.headers["location"])
        address = f"{location.path}?{location.query}" if location.query else location.path
        if address.startswith(BASE + target):
            break
        answer = ask(address)
    assert address.startswith(BASE + target), address
    assert ask(address).status_code in (200, 302, 404)


def test_canonical_addresses_name_the_path(ask: Ask) -> None:
    for path in ("", "symbol/OGDC", "archive/articles/1", "archive/quotes"):
        assert f'rel="canonical" href="http://localhost{BASE}{path}"' in ask(BASE + path).text


def test_the_path_without_its_slash_leads_to_it(sample_archive: Path) -> None:
    get = client_of(make_datasette(sample_archive, base_url=BASE))
    answer = get("/recorder", avoid_path_rewrites=True)
    assert answer.headers["location"] == BASE


def test_a_doubled_path_opens_nothing_that_is_hidden(sample_archive: Path) -> None:
    get = client_of(make_datasette(sample_archive, public=True, base_url=BASE))
    for prefix in ("/", BASE, "/recorder/recorder/", "/recorder/recorder/recorder/"):
        assert get(f"{prefix}-/threads.json", avoid_path_rewrites=True).status_code == 404


_CONFIGURATION = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr error;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port};
    proxy_set_header Host $http_host;
    location /recorder/ {{ proxy_pass {target}; }}
  }}
}}
"""


@contextlib.contextmanager
def nginx(folder: Path, target: str) -> Iterator[str]:
    """Start an nginx that forwards /recorder/; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    configuration = folder / "nginx.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, port=port, target=target))
    assert NGINX
    with running([NGINX, "-c", str(configuration), "-p", str(folder)]) as (_, output):
        for _ in range(200):
            if answers(host := f"127.0.0.1:{port}"):
                break
            time.sleep(0.05)
        else:
            pytest.fail(output())
        yield f"http://{host}"


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed: apt-get install nginx-light")
@pytest.mark.parametrize("ending", ["/", ""], ids=["stripped", "passed on"])
def test_behind_nginx_links_and_next_pages_lead_somewhere(
    sample_archive: Path, tmp_path: Path, ending: str
) -> None:
    datasette = make_datasette(sample_archive, public=True, base_url=BASE)
    with (
        serving(datasette) as address,
        nginx(tmp_path, address + ending) as proxy,
        httpx.Client(base_url=proxy, timeout=30) as client,
    ):
        for path in ("", "archive", "archive/articles", "archive/boards/1", "symbol/OGDC"):
            page = client.get(BASE + path)
            assert page.status_code == 200, page.text
            links = {urljoin(str(page.url), link) for link in links_of(page.text)}
            data = [link for link in links if re.search(r"\.(json|csv|css|js)\b", link)]
            assert data
            for link in data:
                assert client.get(link).status_code == 200, link
        seen = client.get(f"{BASE}archive/articles.json?_size=1").json()["next_url"]
        assert seen.startswith(f"{proxy}{BASE}")
        assert client.get(seen).json()["rows"]
        moved = client.get(f"{BASE}symbol/BYCO")
        assert moved.headers["location"].startswith(f"{BASE}symbol/CNERGY")
        assert client.get("/recorder", follow_redirects=True).status_code == 200
