"""The vocabulary of made-up press releases."""

from __future__ import annotations

import re

WORDS = re.findall(
    r"\w+",
    "the a of to and in for on with by from that this its their ambassador assistance authorities bilateral "
    "border capital citizens commerce commitment communities cooperation council country culture delegation "
    "democracy department development dialogue discussed economic education efforts embassy energy exchange "
    "foreign future government growth health host humanitarian independence initiative institutions "
    "international investment justice law leaders market meeting minister ministry mission nation national "
    "officials organization partners partnership peace people policy president priorities programme progress "
    "prosperity public regional relationship relief report representatives resources rights rule sanctions "
    "secretary security senior services shared society special stability states statement strategic students "
    "summit support sustainable talks technology today together trade training united visit week women work "
    "workers world year young agreed announced continue expand expressed hosted met noted reaffirmed "
    "reviewed strengthen thanked underscored welcomed will",
)
