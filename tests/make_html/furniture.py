"""Generate the surroundings of an article on a real page: scripts, menus, drawings, story lists.

They are not wanted, but must be parsed: a page has about 200 KB, a fiftieth of it text. Half is
markup and half is scripts, which parses at the speed of real pages (0.37 ms for 96 KB).
"""

from __future__ import annotations

import json
from random import Random

_WORDS = (
    "window document function return var let const value index length push map filter slot ad "
    "unit size load event target config options render queue callback element node list item"
).split()


def furniture(size: int = 190_000, seed: int = 1) -> str:
    """Return about `size` characters of menus, drawings, story cards and inline scripts."""
    random = Random(seed)
    menus = "\n".join(_menu(random) for _ in range(max(size // 16_000, 1)))
    cards = "\n".join(_card(random, number) for number in range(size // 1_266))
    markup = f"<nav>{menus}</nav>\n<aside>{cards}</aside>\n"
    scripts = []
    length = len(markup)
    while length < size:
        scripts.append(f"<script>{_script(random)}</script>")
        length += len(scripts[-1])
    return markup + "\n".join(scripts)


def _menu(random: Random) -> str:
    links = "".join(
        f'<li class="menu__item"><a class="menu__link link" href="/section/{number}">'
        f"{random.choice(_WORDS)}</a></li>\n"
        for number in range(25)
    )
    return f'<ul class="menu menu--main">{links}</ul>'


def _card(random: Random, number: int) -> str:
    words = " ".join(random.choices(_WORDS, k=9))
    icon = '<svg viewBox="0 0 24 24"><title>icon</title><path d="M0 0L24 24Z"></path></svg>'
    return (
        f'<div class="card card--{number}"><a href="/story/{number}"><figure class="media">'
        f'<img data-src="/i/{number}.jpg" alt="{words}" width="160" height="96"></figure>'
        f'<h4 class="card__title">{words}</h4></a>{icon}<span class="card__time">3h</span></div>'
    )


def _script(random: Random) -> str:
    """Return minified code, and a table of settings as JSON."""
    lines = []
    for number in range(40):
        a, b, c = random.choices(_WORDS, k=3)
        lines.append(
            f"!function(){{var {a}{number}={b}.{c}||[];{b}.{c}=function(t){{return t>{number}?"
            f'{a}{number}.push("{c} {number}"):{b}&&t.{c}("<div class=\'{c}\'></div>")}}}}();'
        )
    settings = {f"{random.choice(_WORDS)}_{number}": random.choice(_WORDS) for number in range(60)}
    return "\n".join(lines) + f"\nwindow.settings={json.dumps(settings)};"
