"""Every recorded feed: how many items, and what the first and the last one are."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from support.answers import Answers, source_with

from servanda.instruments.routes import FeedOptions
from servanda.scrapers.dates import is_plausible
from servanda.scrapers.platforms.feed import read_feed
from servanda.scrapers.route_reading import Item, ReadRequest, RouteReading

FEED = FeedOptions(platform="feed")
FOLDERS = ("state_gov_press_releases_rss", "whitehouse_briefing_room_rss")


class Listed(NamedTuple):
    """Read off the recorded XML by eye and by an XML parser: title, link, instant, guid."""

    title: str
    url: str
    at: str
    guid: str


# fmt: off
RECORDED: dict[str, tuple[Listed, Listed]] = {
    "state_gov_press_releases_rss/feed_2021-05-23T151029Z.rss": (
        Listed("Yemen National Day", "https://www.state.gov/yemen-national-day/", "2021-05-22T12:00:47Z", "https://www.state.gov/?page_id=245633"),
        Listed("Secretary Antony J. Blinken, Greenlandic Premier Mute Egede, Greenlandic Foreign Minister Pele Broberg, and Danish Foreign Minister Jeppe Kofod at a Joint Press Availability", "https://www.state.gov/secretary-antony-j-blinken-greenlandic-premier-mute-egede-greenlandic-foreign-minister-pele-broberg-and-danish-foreign-minister-jeppe-kofod-at-a-joint-press-availability/", "2021-05-20T22:14:56Z", "https://www.state.gov/?page_id=245386"),
    ),
    "state_gov_press_releases_rss/feed_2021-05-23T154111Z.rss": (
        Listed("Secretary Antony J. Blinken On ABC’s This Week with George Stephanopoulos", "https://www.state.gov/secretary-antony-j-blinken-on-abcs-this-week-with-george-stephanopoulos/", "2021-05-23T15:30:07Z", "https://www.state.gov/?page_id=245703"),
        Listed("Secretary Blinken’s Calls with Israeli Foreign Minister Ashkenazi", "https://www.state.gov/secretary-blinkens-calls-with-israeli-foreign-minister-ashkenazi/", "2021-05-21T01:10:41Z", "https://www.state.gov/?page_id=245393"),
    ),
    "state_gov_press_releases_rss/feed_2021-05-23T162647Z.rss": (
        Listed("Secretary Antony J. Blinken On CNN’s Fareed Zakaria GPS with Fareed Zakaria", "https://www.state.gov/secretary-antony-j-blinken-on-cnns-fareed-zakaria-gps-with-fareed-zakaria/", "2021-05-23T15:55:16Z", "https://www.state.gov/?page_id=245710"),
        Listed("Deputy Secretary Sherman’s Travel to Belgium, Turkey, Indonesia, Cambodia, Thailand, and Hawaii", "https://www.state.gov/deputy-secretary-shermans-travel-to-belgium-turkey-indonesia-cambodia-thailand-and-hawaii/", "2021-05-21T14:29:29Z", "https://www.state.gov/?page_id=245489"),
    ),
    "state_gov_press_releases_rss/feed_2021-06-23T173753Z.rss": (
        Listed("Secretary Antony J. Blinken and German Chancellor Angela Merkel Before Their Meeting", "https://www.state.gov/secretary-antony-j-blinken-and-german-chancellor-angela-merkel-before-their-meeting/", "2021-06-23T17:30:34Z", "https://www.state.gov/?page_id=254364"),
        Listed("Armenia’s Parliamentary Elections", "https://www.state.gov/armenias-parliamentary-elections/", "2021-06-22T00:13:41Z", "https://www.state.gov/?page_id=253698"),
    ),
    "state_gov_press_releases_rss/feed_2021-07-21T193341Z.rss": (
        Listed("Joint Statement of the United States and Germany on Support for Ukraine, European Energy Security, and our Climate Goals", "https://www.state.gov/joint-statement-of-the-united-states-and-germany-on-support-for-ukraine-european-energy-security-and-our-climate-goals/", "2021-07-21T19:25:08Z", "https://www.state.gov/?page_id=261045"),
        Listed("Transfer of Parts of Varosha to Turkish Cypriot Control", "https://www.state.gov/transfer-of-parts-of-varosha-to-turkish-cypriot-control/", "2021-07-21T01:09:19Z", "https://www.state.gov/?page_id=260832"),
    ),
    "state_gov_press_releases_rss/feed_2021-07-21T223454Z.rss": (
        Listed("Department Press Briefing – July 21, 2021", "https://www.state.gov/briefings/department-press-briefing-july-21-2021/", "2021-07-21T22:30:32Z", "https://www.state.gov/?post_type=state_briefing&p=261072"),
        Listed("On the Occasion of Eid al-Adha", "https://www.state.gov/on-the-occasion-of-eid-al-adha/", "2021-07-21T01:59:46Z", "https://www.state.gov/?page_id=260835"),
    ),
    "state_gov_press_releases_rss/feed_2021-07-23T200441Z.rss": (
        Listed("U.S. Announces Humanitarian Assistance for Iraq", "https://www.state.gov/u-s-announces-humanitarian-assistance-for-iraq/", "2021-07-23T19:44:32Z", "https://www.state.gov/?page_id=261691"),
        Listed("Secretary Blinken’s Call with Japanese Foreign Minister Motegi", "https://www.state.gov/secretary-blinkens-call-with-japanese-foreign-minister-motegi-3/", "2021-07-23T02:16:52Z", "https://www.state.gov/?page_id=261488"),
    ),
    "state_gov_press_releases_rss/feed_2021-07-26T172410Z.rss": (
        Listed("Secretary Blinken’s Call with Colombian Vice President and Foreign Minister Ramirez", "https://www.state.gov/secretary-blinkens-call-with-colombian-vice-president-and-foreign-minister-ramirez/", "2021-07-26T17:13:17Z", "https://www.state.gov/?page_id=262140"),
        Listed("U.S.-Europe Communiqué on Afghanistan and Peace Efforts", "https://www.state.gov/u-s-europe-communique-on-afghanistan-and-peace-efforts/", "2021-07-23T20:17:49Z", "https://www.state.gov/?page_id=261726"),
    ),
    "state_gov_press_releases_rss/feed_2021-07-26T200440Z.rss": (
        Listed("Situation in Tunisia", "https://www.state.gov/situation-in-tunisia/", "2021-07-26T19:47:13Z", "https://www.state.gov/?page_id=262257"),
        Listed("Acting Assistant Secretary of State Joey Hood Travels to Algeria, Morocco, and Kuwait", "https://www.state.gov/acting-assistant-secretary-of-state-joey-hood-travels-to-algeria-morocco-and-kuwait/", "2021-07-24T12:23:53Z", "https://www.state.gov/?page_id=261838"),
    ),
    "state_gov_press_releases_rss/feed_2021-07-26T204830Z.rss": (
        Listed("Acting Principal Deputy Assistant Secretary Aleisha Woodward Travels to Rome, Italy", "https://www.state.gov/acting-principal-deputy-assistant-secretary-aleisha-woodward-travels-to-rome-italy/", "2021-07-26T20:36:47Z", "https://www.state.gov/?page_id=262294"),
        Listed("Deputy Secretary Sherman’s Visit to Mongolia", "https://www.state.gov/deputy-secretary-shermans-visit-to-mongolia/", "2021-07-25T12:10:31Z", "https://www.state.gov/?page_id=261868"),
    ),
    "state_gov_press_releases_rss/feed_2021-07-26T210429Z.rss": (
        Listed("Joint Statement on the U.S.-Iraq Strategic Dialogue", "https://www.state.gov/joint-statement-on-the-u-s-iraq-strategic-dialogue-2/", "2021-07-26T20:52:06Z", "https://www.state.gov/?page_id=262300"),
        Listed("Republic of Maldives Independence Day", "https://www.state.gov/republic-of-maldives-independence-day/", "2021-07-26T00:00:11Z", "https://www.state.gov/?page_id=261872"),
    ),
    "state_gov_press_releases_rss/feed_2021-07-26T220438Z.rss": (
        Listed("U.S. Special Envoy and Ambassador to Libya Richard Norland’s Visit to Tripoli", "https://www.state.gov/u-s-special-envoy-and-ambassador-to-libya-richard-norlands-visit-to-tripoli/", "2021-07-26T21:54:30Z", "https://www.state.gov/?page_id=262349"),
        Listed("Deputy Secretary Sherman’s Visit to the People’s Republic of China", "https://www.state.gov/deputy-secretary-shermans-visit-to-the-peoples-republic-of-china/", "2021-07-26T11:14:09Z", "https://www.state.gov/?page_id=261937"),
    ),
    "state_gov_press_releases_rss/feed_2021-07-26T222246Z.rss": (
        Listed("Election of Fiame Naomi Mata’afa as Prime Minister of Samoa", "https://www.state.gov/election-of-fiame-naomi-mataafa-as-prime-minister-of-samoa/", "2021-07-26T22:00:03Z", "https://www.state.gov/?page_id=262352"),
        Listed("United States and Concerned Nations Stand Together for the Cuban People", "https://www.state.gov/united-states-and-concerned-nations-stand-together-for-the-cuban-people/", "2021-07-26T11:47:43Z", "https://www.state.gov/?page_id=261958"),
    ),
    "state_gov_press_releases_rss/feed_2021-08-14T002624Z.rss": (
        Listed("Deputy Secretary Sherman’s Call with Lithuanian Foreign Minister Landsbergis", "https://www.state.gov/deputy-secretary-shermans-call-with-lithuanian-foreign-minister-landsbergis/", "2021-08-14T00:13:59Z", "https://www.state.gov/?page_id=269953"),
        Listed("U.S. Donation of 5.5 Million Doses of COVID-19 Vaccine to CARICOM Countries", "https://www.state.gov/u-s-donation-of-5-5-million-doses-of-covid-19-vaccine-to-caricom-countries/", "2021-08-12T21:51:29Z", "https://www.state.gov/?page_id=269692"),
    ),
    "whitehouse_briefing_room_rss/feed_2021-05-23T140613Z.rss": (
        Listed("FACT SHEET: United States – Republic of Korea Partnership", "https://www.whitehouse.gov/briefing-room/statements-releases/2021/05/21/fact-sheet-united-states-republic-of-korea-partnership/", "2021-05-22T00:45:13Z", "https://www.whitehouse.gov/?p=18205"),
        Listed("President Joseph R. Biden, Jr. Approves West Virginia Disaster Declaration", "https://www.whitehouse.gov/briefing-room/statements-releases/2021/05/21/president-joseph-r-biden-jr-approves-west-virginia-disaster-declaration-2/", "2021-05-21T14:10:50Z", "https://www.whitehouse.gov/?p=18139"),
    ),
    "whitehouse_briefing_room_rss/feed_2021-05-24T112523Z.rss": (
        Listed("Statement by President Joe Biden on Secretary of State Antony Blinken’s Visit to the Middle East", "https://www.whitehouse.gov/briefing-room/statements-releases/2021/05/24/statement-by-president-joe-biden-on-secretary-of-state-antony-blinkens-visit-to-the-middle-east/", "2021-05-24T11:00:00Z", "https://www.whitehouse.gov/?p=18233"),
        Listed("Remarks by President Biden at Presentation of the Medal of Honor to Army Colonel Ralph Puckett, Jr.", "https://www.whitehouse.gov/briefing-room/speeches-remarks/2021/05/21/remarks-by-president-biden-at-presentation-of-the-medal-of-honor-to-army-colonel-ralph-puckett-jr/", "2021-05-21T17:18:00Z", "https://www.whitehouse.gov/?p=18215"),
    ),
    "whitehouse_briefing_room_rss/feed_2021-05-24T140035Z.rss": (
        Listed("Statement by NSC Spokesperson Emily Horne on National Security Advisor Jake Sullivan’s Meeting with National Security Advisor Moeed Yusuf of Pakistan", "https://www.whitehouse.gov/briefing-room/statements-releases/2021/05/24/statement-by-nsc-spokesperson-emily-horne-on-national-security-advisor-jake-sullivans-meeting-with-national-security-advisor-moeed-yusuf-of-pakistan/", "2021-05-24T13:32:21Z", "https://www.whitehouse.gov/?p=18245"),
        Listed("A Proclamation on National Safe Boating Week, 2021", "https://www.whitehouse.gov/briefing-room/presidential-actions/2021/05/21/a-proclamation-on-national-safe-boating-week-2021/", "2021-05-21T21:00:59Z", "https://www.whitehouse.gov/?p=18171"),
    ),
    "whitehouse_briefing_room_rss/feed_2021-06-10T162615Z.rss": (
        Listed("Remarks by President Biden and Prime Minister Boris Johnson of the United Kingdom Before Bilateral Meeting", "https://www.whitehouse.gov/briefing-room/speeches-remarks/2021/06/10/remarks-by-president-biden-and-prime-minister-boris-johnson-of-the-united-kingdom-before-bilateral-meeting/", "2021-06-10T16:12:03Z", "https://www.whitehouse.gov/?p=20251"),
        Listed("Remarks by President Biden Before Air Force One Departure", "https://www.whitehouse.gov/briefing-room/speeches-remarks/2021/06/09/remarks-by-president-biden-before-air-force-one-departure-3/", "2021-06-09T14:00:53Z", "https://www.whitehouse.gov/?p=20077"),
    ),
    "whitehouse_briefing_room_rss/feed_2021-06-10T172028Z.rss": (
        Listed("Background Press Call by Senior Administration Officials Previewing the President’s Bilateral Meeting with the Right Honorable Boris Johnson, Prime Minister of the United Kingdom of Great Britain and Northern Ireland", "https://www.whitehouse.gov/briefing-room/press-briefings/2021/06/10/background-press-call-by-senior-administration-officials-previewing-the-presidents-bilateral-meeting-with-the-right-honorable-boris-johnson-prime-minister-of-the-united-kingdom-of-great-britain-and/", "2021-06-10T16:53:47Z", "https://www.whitehouse.gov/?p=20275"),
        Listed("Letter to the Speaker of the House of Representatives and the President of the Senate on Protecting Americans’ Sensitive Data from Foreign Adversaries", "https://www.whitehouse.gov/briefing-room/statements-releases/2021/06/09/letter-to-the-speaker-of-the-house-of-representatives-and-the-president-of-the-senate-on-protecting-americans-sensitive-data-from-foreign-adversaries/", "2021-06-09T14:28:36Z", "https://www.whitehouse.gov/?p=20095"),
    ),
    "whitehouse_briefing_room_rss/feed_2021-06-10T174759Z.rss": (
        Listed("Joint Statement on the Visit to the United Kingdom of the Honorable Joseph R. Biden, Jr., President of the United States of America at the Invitation of the Rt. Hon. Boris Johnson, M.P., the Prime Minister of the United Kingdom of Great Britain and Northern Ireland", "https://www.whitehouse.gov/briefing-room/statements-releases/2021/06/10/joint-statement-on-the-visit-to-the-united-kingdom-of-the-honorable-joseph-r-biden-jr-president-of-the-united-states-of-america-at-the-invitation-of-the-rt-hon-boris-johnson-m-p-the-prime-min/", "2021-06-10T17:24:57Z", "https://www.whitehouse.gov/?p=20337"),
        Listed("FACT SHEET: Executive Order Protecting Americans’ Sensitive Data from Foreign Adversaries", "https://www.whitehouse.gov/briefing-room/statements-releases/2021/06/09/fact-sheet-executive-order-protecting-americans-sensitive-data-from-foreign-adversaries/", "2021-06-09T14:32:08Z", "https://www.whitehouse.gov/?p=20083"),
    ),
    "whitehouse_briefing_room_rss/feed_2021-06-23T164259Z.rss": (
        Listed("Bills Signed: H.J.Res. 27, H.R. 711", "https://www.whitehouse.gov/briefing-room/presidential-actions/2021/06/23/bills-signed-h-j-res-27-h-r-711/", "2021-06-23T16:26:13Z", "https://www.whitehouse.gov/?p=21721"),
        Listed("President Biden Announces Three Key Nominations", "https://www.whitehouse.gov/briefing-room/statements-releases/2021/06/22/president-biden-announces-three-key-nominations-2/", "2021-06-22T20:19:44Z", "https://www.whitehouse.gov/?p=21631"),
    ),
    "whitehouse_briefing_room_rss/feed_2021-07-20T203422Z.rss": (
        Listed("Readout of the First Meeting of the White House Working Group on Puerto Rico", "https://www.whitehouse.gov/briefing-room/statements-releases/2021/07/20/readout-of-the-first-meeting-of-the-white-house-working-group-on-puerto-rico/", "2021-07-20T19:47:48Z", "https://www.whitehouse.gov/?p=24577"),
        Listed("Statement by President Joe Biden on the Occasion of Eid al-Adha", "https://www.whitehouse.gov/briefing-room/statements-releases/2021/07/19/statement-by-president-joe-biden-on-the-occasion-of-eid-al-adha/", "2021-07-20T00:52:11Z", "https://www.whitehouse.gov/?p=24477"),
    ),
    "whitehouse_briefing_room_rss/feed_2021-08-14T094815Z.rss": (
        Listed("Readout from NSC Spokesperson Emily Horne on Senior Administration Officials Travel to Tunisia", "https://www.whitehouse.gov/briefing-room/statements-releases/2021/08/13/readout-from-nsc-spokesperson-emily-horne-on-senior-administration-officials-travel-to-tunisia/", "2021-08-13T20:48:51Z", "https://www.whitehouse.gov/?p=27311"),
        Listed("President Biden Appoints Members to U.S. AbilityOne Commission", "https://www.whitehouse.gov/briefing-room/statements-releases/2021/08/13/president-biden-appoints-members-to-u-s-abilityone-commission/", "2021-08-13T12:00:00Z", "https://www.whitehouse.gov/?p=27173"),
    ),
}
# fmt: on


def read_recording(folder: Path, name: str) -> RouteReading:
    """The recording as the live site would have given it, read at the moment of its capture."""
    manifest = json.loads((folder / name).parent.joinpath("MANIFEST.json").read_text())
    entry = next(e for e in manifest["files"] if e["file"] == name.partition("/")[2])
    source, route = source_with(FEED, url=entry["url"], minimum_items=10)
    answers = Answers().serve(
        entry["url"], (folder / name).read_bytes(), "application/rss+xml; charset=UTF-8"
    )
    reading = read_feed(source, route, answers, ReadRequest(datetime.fromisoformat(entry["captured_at"])))
    assert isinstance(reading, RouteReading)
    return reading


def as_listed(item: Item) -> Listed:
    assert item.published.at is not None
    assert item.aliases[0][0] == "guid"
    at = item.published.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Listed(item.title, item.url, at, item.aliases[0][1])


def test_every_recorded_feed_has_its_expectation(real: Path) -> None:
    assert {f"{folder}/{path.name}" for folder in FOLDERS for path in (real / folder).glob("*.rss")} == set(
        RECORDED
    )


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_feed(real: Path, name: str) -> None:
    items = read_recording(real, name).items
    assert (len(items), as_listed(items[0]), as_listed(items[-1])) == (10, *RECORDED[name])


@pytest.mark.parametrize("name", RECORDED)
def test_every_recorded_item_is_sound(real: Path, name: str) -> None:
    for item in read_recording(real, name).items:
        assert item.title == " ".join(item.title.split())
        assert not any(unicodedata.category(c) in ("Cc", "Cf") for c in item.title)
        assert "&" not in item.title.replace(" & ", "")
        assert item.url.startswith(("https://www.state.gov/", "https://www.whitehouse.gov/"))
        assert [scheme for scheme, _ in item.aliases] == ["guid", "url", "path"]
        assert is_plausible(item.published, datetime(2021, 8, 14, 12, tzinfo=UTC))


@pytest.mark.parametrize(("folder", "documents"), [(FOLDERS[0], 69), (FOLDERS[1], 55)])
def test_aliases_tell_documents_apart_over_all_recordings(real: Path, folder: str, documents: int) -> None:
    names = [name for name in RECORDED if name.startswith(folder)]
    aliases = {item.aliases for name in names for item in read_recording(real, name).items}
    assert len(aliases) == documents
    assert len({alias for document in aliases for alias in document}) == 3 * documents
