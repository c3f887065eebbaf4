"""Pages whose words stand in every kind of element, cut by every kind of mark-up, for hypothesis."""

from __future__ import annotations

from html import escape

from hypothesis import strategies as st
from support.phrased import texts_for

from servanda.compliance.instrument import Instrument

BLOCKS = (
    "<p>{}</p>",
    "<p>\n  {}\n</p>",
    '<p><a href="/x">{}</a></p>',
    "<p><a>{}</a></p>",
    "<p><strong>{}</strong></p>",
    "<div>{}</div>",
    "<div><div><p>{}</p></div></div>",
    "{}",
    "{}<br>",
    "<br>{}",
    "<h1>{}</h1>",
    "<h2>{}</h2>",
    '<h3><a href="/x">{}</a></h3>',
    "<ul><li>{}</li></ul>",
    '<ul><li><a href="/x">{}</a></li></ul>',
    "<ol><li><p>{}</p><ul><li>x</li></ul></li></ol>",
    "<dl><dt>{}</dt><dd>Some words.</dd></dl>",
    "<dl><dt>Term</dt><dd>{}</dd></dl>",
    "<table><tr><td>{}</td><td>1</td></tr></table>",
    "<table><caption>{}</caption><tr><th>a</th></tr></table>",
    '<table role="presentation"><tr><td><table><tr><td>{}</td></tr></table></td></tr></table>',
    "<blockquote>{}</blockquote>",
    "<blockquote><p>{}</p></blockquote>",
    "<q>{}</q>",
    "<pre>{}</pre>",
    "<code>{}</code>",
    '<figure><img src="/i.png" alt="x"><figcaption>{}</figcaption></figure>',
    "<figure><table><tr><td>{}</td></tr></table></figure>",
    "<details><summary>{}</summary>More.</details>",
    "<section>{}</section>",
    "<section><p>{}</p></section>",
    "<header><p>{}</p></header>",
    "<footer><p>{}</p></footer>",
    "<aside><p>{}</p></aside>",
    "<nav><p>{}</p></nav>",
    "<form><p>{}</p></form>",
    "<fieldset><legend>x</legend><p>{}</p></fieldset>",
    "<label>{}</label>",
    "<noscript><p>{}</p></noscript>",
    "<address>{}</address>",
    "<center>{}</center>",
    "<time>{}</time>",
    "<ins>{}</ins>",
    "<del>{}</del>",
    "<hgroup><h2>{}</h2></hgroup>",
    "<math>{}</math>",
    "<picture>{}</picture>",
    "<dialog>{}</dialog>",
    '<p class="share-links">{}</p>',
    '<div class="related-posts"><p>{}</p></div>',
    '<div class="comments" id="comments"><p>{}</p></div>',
    '<div class="footer"><p>{}</p></div>',
    '<div class="cookie-banner"><p>{}</p></div>',
    '<div class="byline author">{}</div>',
    '<p style="display:none">{}</p>',
    '<div aria-hidden="true"><p>{}</p></div>',
    '<div id="data-preloaded" data-preloaded=\'{{"topic_1": 1}}\'><p>{}</p></div>',
)
"""Elements around a text; ``{}`` is its place."""

JOINTS = (
    "",
    " ",
    "&nbsp;",
    "&#160;",
    "&shy;",
    "&#8203;",
    "&zwnj;",
    "&#x2060;",
    "&amp;nbsp;",
    "&amp;#32;",
    "&lt;b&gt;",
    "<br>",
    "<br/>\n",
    "<wbr>",
    "<!-- a comment -->",
    "<span></span>",
    "<b></b>",
    "</b><b>",
    "<i>x</i>",
    '<span class="share">Share</span>',
    '<span class="hidden">x</span>',
    '<sup class="footnote"><a href="#n">[1]</a></sup>',
    "<script>var x = 1;</script>",
    "<style>p {{ margin: 0 }}</style>",
    "<button>Play</button>",
    '<img src="/i.png" alt="x">',
    "<time>9:00</time>",
    "<ins>new</ins>",
    "<del>old</del>",
    "<svg><text>x</text></svg>",
    "<iframe src='/f'>x</iframe>",
    "<select><option>x</option></select>",
    "<p>",
    "<div>x</div>",
    "</p><p>",
    "</p><div class='related'>x</div><p>",
)
"""Mark-up between two parts of a text, often in the middle of a word."""

PAGES = (
    "<html><body>{}</body></html>",
    "<html><body><main><article>{}</article></main></body></html>",
    '<html><body><div class="entry-content">{}</div></body></html>',
    "<html><body><nav><a href='/'>Home</a></nav><div id='content'>{}</div><footer>Contact.</footer></body></html>",
    "<html><body><main><h1>Heading</h1>" + "<p>Words that say nothing at all, in a long line.</p>" * 9 + "{}</main></body></html>",
)  # fmt: skip


@st.composite
def marked_up(draw: st.DrawFn, text: str) -> str:
    """A text with mark-up at up to four places, in its words too."""
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    parts = [escape(text[a:b]) for a, b in zip([0, *places], [*places, len(text)], strict=True)]
    return parts[0] + "".join(draw(st.sampled_from(JOINTS)) + part for part in parts[1:])


@st.composite
def pages_about(draw: st.DrawFn, instrument: Instrument) -> str:
    """A page that says what one of the rules wants, in one element or over several."""
    said = draw(marked_up(draw(texts_for(instrument, draw(st.sampled_from(instrument.rules))))))
    cut = draw(st.integers(0, len(said))) if draw(st.booleans()) else len(said)
    parts = [said[:cut], said[cut:]] if "<" not in said else [said]
    others = draw(st.lists(st.sampled_from(("Some other words.", "The end", "1")), max_size=2))
    blocks = [draw(st.sampled_from(BLOCKS)).format(part) for part in (*others, *parts)]
    if draw(st.booleans()):
        blocks = [draw(st.sampled_from(BLOCKS)).format("".join(blocks))]
    return draw(st.sampled_from(PAGES)).format("\n".join(blocks))
