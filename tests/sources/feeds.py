"""Hand-written feeds: RSS, RSS 1.0 and Atom, valid and broken."""

from __future__ import annotations

from html import escape

CHANNEL = """<title>Business Recorder - Latest News</title>
    <link>https://www.brecorder.com/</link>
    <description>All of it</description>
    <lastBuildDate>Tue, 12 May 2026 19:43:03 +0500</lastBuildDate>
"""
BODY = (
    "<p><strong>MITHI: Rain filled ponds on Sunday.</strong></p>\n<p>Herders came from far.</p>\n"
    '<p><a href="https://www.brecorder.com/news/40499990/another"><strong>Another invented piece'
    " warns of slow lines this week</strong></a></p>\n<p>More rain is expected.</p>"
)


def item(number: int = 40499998, body: str = BODY, more: str = "", title: str = "Rain") -> str:
    """Return an RSS item in the site's format."""
    return f"""<item>
      <title>{title}</title>
      <link>https://www.brecorder.com/news/{number}/rain-fills-ponds</link>
      <description>{escape(body)}</description>
      <category>Markets</category>
      <guid>https://www.brecorder.com/news/{number}</guid>
      <pubDate>Tue, 12 May 2026 19:31:00 +0500</pubDate>
      <author>none@none.com (AFP)</author>{more}
    </item>"""


def rss(*items: str, channel: str = CHANNEL, attributes: str = "", head: str = "") -> str:
    inner = "\n    ".join(items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n' + head + '<rss xmlns:content="http://purl.org/'
        f'rss/1.0/modules/content/" version="2.0"{attributes}>\n  <channel>\n    {channel}    '
        f"{inner}\n  </channel>\n</rss>\n"
    )


def entry(number: int = 40499998, content: str = "", more: str = "") -> str:
    """Return an Atom entry."""
    content = content or f'<content type="html">{escape(BODY)}</content>'
    return f"""<entry>
    <title>Rain</title>
    <link rel="alternate" href="https://www.brecorder.com/news/{number}/rain-fills-ponds"/>
    <id>tag:brecorder.com,2026:{number}</id>
    <category term="Markets"/>
    <published>2026-05-12T14:31:00Z</published>
    <updated>2026-05-12T15:00:00Z</updated>{more}
    {content}
  </entry>"""


def atom(*entries: str, head: str = "<author><name>BR Web Desk</name></author>") -> str:
    inner = "\n  ".join(entries)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f'  <title>Feed</title><link rel="self" href="https://www.brecorder.com/feeds/atom"/>\n'
        f'  <link href="https://www.brecorder.com/"/>{head}\n  {inner}\n</feed>\n'
    )


RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="https://www.brecorder.com/feed"><title>Feed</title>
    <link>https://www.brecorder.com/</link>
    <items><rdf:Seq><rdf:li rdf:resource="https://www.brecorder.com/news/40499998"/></rdf:Seq></items>
  </channel>
  <item rdf:about="https://www.brecorder.com/news/40499998"><title>Rain</title>
    <link>https://www.brecorder.com/news/40499998/rain</link>
    <description>&lt;p&gt;MITHI: Rain filled ponds on Sunday.&lt;/p&gt;</description>
    <dc:creator>AFP</dc:creator><dc:date>2026-05-12T19:31:00+05:00</dc:date>
    <dc:subject>Markets</dc:subject></item>
</rdf:RDF>
"""
