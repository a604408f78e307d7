"""Write the sample captures of tests/samples: invented pages, prices, people and news.

    python -m tests.make_samples            rewrites tests/samples
    python -m tests.make_samples --check    exits 1 when a file there would change

Everything is drawn from fixed seeds and from the text files under texts/, so the same
commit writes the same bytes. Only the shape of the pages is real (docs/html.md, docs/design.md); no
sentence and no price on them is.
"""
