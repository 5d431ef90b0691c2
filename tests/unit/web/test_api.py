from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from safeguarding_rules import Engine
from safeguarding_rules.cli.main import main
from safeguarding_rules.language.deadlines import LONDON
from safeguarding_rules.reading import Registry
from safeguarding_rules.web.api import policies
from safeguarding_rules.web.api.app import Serving
from safeguarding_rules.web.api.limits import Limits
from tests.packs.pipeline import GOOD
from tests.unit.web.server import Server, shipped

ON = "2026-11-22"
FACTS = {"contains_imagery": True, "adult_involved": True}


@pytest.fixture
def server() -> Server:
    return Server()


def test_a_decision_is_the_librarys_own_to_the_byte(server: Server) -> None:
    given = server.decide(FACTS, on=ON, clocks={"known": "2026-11-20T15:30:00+00:00"})
    engine = Engine.load("kscmp", on=date.fromisoformat(ON))
    expected = engine.decide(FACTS, clocks={"known": datetime.fromisoformat("2026-11-20T15:30:00+00:00")})
    assert given.status_code == 200
    assert given.text == expected.model_dump_json()
    assert given.headers["etag"] == f'"{engine.program.fingerprint}"'
    assert given.headers["cache-control"] == "no-store"


def test_an_explanation_is_the_librarys_own(server: Server) -> None:
    given = server("POST", "/v1/packs/kscmp/explain", json={"facts": FACTS, "on": ON, "register": "full"}).json()
    engine = Engine.load("kscmp", on=date.fromisoformat(ON))
    explained = engine.explain(engine.decide(FACTS))
    assert given["text"] == explained.full()
    assert given["explanation"] == json.loads(explained.model_dump_json(by_alias=True))


def test_an_interview_over_http_ends_and_decides_as_the_library_does(server: Server) -> None:
    facts: dict[str, object] = {}
    unknown: list[str] = []
    for _ in range(200):
        step = server("POST", "/v1/packs/kscmp/next-question", json={"facts": facts, "unknown": unknown, "on": ON}).json()
        if step["kind"] in {"end", "offer"}:
            break
        for fact in step["facts"]:
            if fact["fact"] == "adult_involved":
                facts[fact["fact"]] = True
            else:
                unknown.append(fact["fact"])
    else:
        pytest.fail("the interview does not end")
    assert step["outcome"] == "refer_police"
    assert step["firm"] is True


def test_an_interview_goes_on_after_an_offer_to_stop_and_ends(server: Server) -> None:
    facts: dict[str, object] = {"adult_involved": True}
    unknown: list[str] = []
    asked = {"facts": facts, "unknown": unknown, "on": ON}
    assert server("POST", "/v1/packs/kscmp/next-question", json=asked).json()["kind"] == "offer"
    for _ in range(100):
        step = server("POST", "/v1/packs/kscmp/next-question", json={**asked, "go_on": True}).json()
        if step["kind"] == "end":
            break
        assert step["kind"] in {"ask", "together"}
        unknown += [fact["fact"] for fact in step["facts"]]
    assert (step["kind"], step["left"], step["facts"]) == ("end", 0, [])
    assert len(set(unknown)) == len(unknown)


@pytest.mark.parametrize("facts", [{}, FACTS, {"contains_imagery": False}, {"adult_involved": False, "adult_role": "pupil_18_plus"}])
def test_a_decision_in_brief_says_what_the_whole_one_says(server: Server, facts: dict[str, object]) -> None:
    brief, whole = server.decide(facts, on=ON, brief=True), server.decide(facts, on=ON)
    assert brief.headers["etag"] == whole.headers["etag"]
    told, full = brief.json(), whole.json()
    assert {name: told[name] for name in ("outcome", "settled", "firm")} == {name: full[name] for name in ("outcome", "settled", "firm")}
    duties = set()
    for one in full["actions"]:
        presumed = [more["modality"] for more in one["stronger"] if more["status"] == "presumed"]
        if one["status"] != "depends":
            duties.add(f"{one['by']} {(presumed or [one['modality']])[0]} {one['action']}")
    assert set(told["actions"]) == duties
    assert server.decide(facts, brief="yes").status_code == 422


def test_many_cases_are_answered_in_order_and_a_bad_one_costs_no_other(server: Server) -> None:
    given = server("POST", "/v1/packs/kscmp/decide-many", json={"cases": [{}, {"adult_involvd": True}, FACTS, 3], "on": ON})
    first, second, third, fourth = given.json()["results"]
    assert (given.json()["decided"], given.json()["errors"]) == (2, 2)
    assert first["outcome"] == "review"
    assert second["error"][0]["help"] == "did you mean `adult_involved`?"
    assert (third["outcome"], third["firm"]) == ("refer_police", True)
    assert "dsl must refer_to_police" in third["actions"]
    assert "dsl must_not view_imagery" in third["actions"]
    assert fourth["error"][0]["code"] == "SR801"


def test_whole_decisions_of_a_batch_are_those_of_single_cases(server: Server) -> None:
    given = server("POST", "/v1/packs/kscmp/decide-many", json={"cases": [FACTS], "full": True, "on": ON})
    assert given.json()["results"] == [server.decide(FACTS, on=ON).json()]


def test_every_mistake_is_told_at_once_with_its_place(server: Server) -> None:
    body = '{"facts": {"adult_involvd": true,\n "youngest_pictured_age": "14"}, "onn": 1}'
    given = server("POST", "/v1/packs/kscmp/decide", content=body, headers={"content-type": "application/json"})
    assert given.status_code == 422
    assert given.headers["content-type"] == "application/problem+json"
    found = {(one["code"], (one["span"] or {}).get("line"), (one["span"] or {}).get("column")) for one in given.json()["diagnostics"]}
    assert found == {("SR819", None, None), ("SR802", 1, 12), ("SR803", 2, 27)}


def test_a_misspelt_word_of_a_request_is_suggested(server: Server) -> None:
    (found,) = server("POST", "/v1/packs/kscmp/explain", json={"facts": {}, "register": "shrt"}).json()["diagnostics"]
    assert (found["code"], found["help"]) == ("SR819", "did you mean `short`?")


def test_a_path_that_leads_nowhere_says_where_paths_are_listed(server: Server) -> None:
    assert server("GET", "/").json()["detail"] == "`GET /openapi.json` says what there is."
    assert server("GET", "/openapi.json").status_code == 200


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b'{"facts": {"adult_involved": true, "adult_involved": false}}', "SR106", "the key `adult_involved` is given twice"),
        (b'{"facts": {"youngest_pictured_age": NaN}}', "SR807", "`NaN` is not a value"),
        (b"", "SR807", "not valid JSON: the text ends where a value should stand"),
        (b"[]", "SR807", "the body is a list, not an object"),
        (b'{"facts": ' + b"[" * 50_000, "SR113", "nested more than"),
        (b"\xff\xfe", "SR103", ""),
        (b'{"facts": {"youngest_pictured_age": ' + b"9" * 5_000 + b"}}", "SR120", "the number is too long"),
    ],
)
def test_what_is_no_usable_json_is_refused(server: Server, body: bytes, code: str, message: str) -> None:
    given = server("POST", "/v1/packs/kscmp/decide", content=body, headers={"content-type": "application/json"})
    assert given.status_code == 400
    assert given.json()["diagnostics"][0]["code"] == code
    assert message in given.json()["diagnostics"][0]["message"]


def test_a_key_given_twice_is_found_in_a_large_batch_too(server: Server) -> None:
    cases = ",".join(['{"adult_involved": true}'] * 9_999)
    body = f'{{"cases": [{cases}, {{"high_distress": true, "high_distress": false}}]}}' + " " * 100_000
    given = server("POST", "/v1/packs/kscmp/decide-many", content=body, headers={"content-type": "application/json"})
    assert given.status_code == 400
    assert given.json()["diagnostics"][0]["message"] == "the key `high_distress` is given twice"


def test_half_a_character_is_answered(server: Server) -> None:
    given = server("POST", "/v1/packs/kscmp/decide", content=b'{"facts": {"\\ud800": true}}', headers={"content-type": "application/json"})
    assert given.status_code in {400, 422}


def test_bounds(server: Server) -> None:
    small = Server(Serving(shipped(), Limits(largest_case=100, most_cases=2)))
    assert small.decide({"x" * 200: True}).status_code == 413
    assert small("POST", "/v1/packs/kscmp/decide-many", json={"cases": [{}, {}, {}]}).status_code == 413
    assert server.decide({f"fact_{i}": True for i in range(400)}).status_code == 422
    assert server("POST", "/v1/packs/kscmp/decide", content=b"{}").status_code == 415
    assert server("GET", "/v1/packs/" + "x" * 600).status_code == 431


@pytest.mark.parametrize("pack", ["nothing", "..%2f..%2fetc", "..", "%2e%2e", "kscmp@2024.9", ".%2fkscmp", "/etc", "kscmp%00"])
def test_only_packs_by_their_id(server: Server, pack: str) -> None:
    for method, path in (("GET", ""), ("GET", "/facts-schema"), ("POST", "/decide")):
        given = server(method, f"/v1/packs/{pack}{path}", **({"json": {"facts": {}}} if method == "POST" else {}))
        assert given.status_code in {404, 405}, (method, path)


def test_no_redirect_repeats_what_a_caller_sent(server: Server) -> None:
    for path in ("/v1/packs/", "/health/", "/v1/packs/kscmp/decide/", "/v1//packs"):
        given = server("GET", path, headers={"host": "evil.example"})
        assert (given.status_code, given.headers.get("location")) == (404, None), path


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "GET"])
def test_other_methods_are_refused(server: Server, method: str) -> None:
    given = server(method, "/v1/packs/kscmp/decide")
    assert (given.status_code, given.headers["allow"]) == (405, "POST")
    if method != "GET":
        given = server(method, "/v1/packs")
        assert (given.status_code, given.headers["allow"]) == (405, "GET")


def test_a_day_without_policy(server: Server) -> None:
    given = server.decide({}, on="1999-01-01")
    assert given.status_code == 422
    assert given.json()["type"] == "/problems/not-in-force"


def test_another_policy_than_the_caller_asked_for(server: Server) -> None:
    tag = server.decide({}).headers["etag"]
    path = "/v1/packs/kscmp/decide"
    assert server("POST", path, json={"facts": {}}, headers={"if-match": tag}).status_code == 200
    refused = server("POST", path, json={"facts": {}}, headers={"if-match": '"sha256:other"'})
    assert refused.status_code == 412
    assert f'"{refused.json()["fingerprint"]}"' == tag


def test_what_did_not_change_is_not_sent_again(server: Server) -> None:
    for path in ("/v1/packs", "/v1/packs/ukcis", "/v1/packs/ukcis/facts-schema"):
        first = server("GET", path)
        again = server("GET", path, headers={"if-none-match": first.headers["etag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_security_headers_stand_on_every_answer(server: Server) -> None:
    for given in (server("GET", "/health"), server("GET", "/nothing"), server.decide({"x": 1}), server("GET", "/v1/packs/" + "x" * 600)):
        assert given.headers["x-content-type-options"] == "nosniff"
        assert given.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_only_names_of_this_machine_where_no_key_is_asked_for() -> None:
    server = Server(Serving(shipped(), hosts=frozenset({"localhost"})))
    assert server("GET", "/health").status_code == 200
    assert server("GET", "/health", headers={"host": "evil.example"}).status_code == 403


def test_too_many_requests() -> None:
    server = Server(Serving(shipped(), Limits(rate=0.001, burst=2)))
    assert [server("GET", "/health").status_code for _ in range(3)] == [200, 200, 429]
    assert int(server("GET", "/health").headers["retry-after"]) > 1


def test_figures_hold_nothing_about_a_case(server: Server) -> None:
    server.decide({"adult_involved": True})
    server("GET", "/v1/packs/secret-name")
    text = server("GET", "/metrics").text
    assert 'safeguarding_rules_requests_total{method="POST",route="/v1/packs/{pack}/decide",status="200"} 1.0' in text
    assert "safeguarding_rules_cases_decided_total 1.0" in text
    assert not any(word in text for word in ("secret-name", "adult", "refer", "kscmp"))


def test_a_failure_tells_nothing(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a secret fact")

    monkeypatch.setattr("safeguarding_rules.web.api.answers.decision", fail)
    given = Server().decide({})
    assert (given.status_code, given.json()["title"]) == (500, "The server failed")
    assert "secret" not in given.text + caplog.text
    assert "RuntimeError" in caplog.text


def test_openapi_names_every_route_and_problem(server: Server) -> None:
    told = server("GET", "/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    assert set(told["paths"]) == {
        "/health",
        "/metrics",
        "/v1/packs",
        "/v1/packs/{pack}",
        "/v1/packs/{pack}/decide",
        "/v1/packs/{pack}/decide-many",
        "/v1/packs/{pack}/explain",
        "/v1/packs/{pack}/facts-schema",
        "/v1/packs/{pack}/next-question",
    }
    decide = told["paths"]["/v1/packs/{pack}/decide"]["post"]
    assert decide["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/DecideRequest"}
    either = decide["responses"]["200"]["content"]["application/json"]["schema"]["anyOf"]
    assert [one["$ref"].rpartition("/")[2] for one in either] == ["DecisionDocument", "BriefDecision"]
    assert set(decide["responses"]["422"]["content"]) == {"application/problem+json"}


@pytest.fixture
def short_lived(tmp_path: Path) -> Server:
    """A server of a pack that ended yesterday."""
    folder = tmp_path / "minimal" / "2024.1"
    shutil.copytree(GOOD / "minimal", folder)
    manifest = (folder / "pack.yaml").read_text(encoding="utf-8").replace("status: draft", "status: in_force")
    (folder / "pack.yaml").write_text(re.sub(r"in_force: \{from: ([\d-]+)\}", r"in_force: {from: \1, until: 2026-11-20}", manifest), encoding="utf-8")
    assert main(["lock", str(folder)]) == 0
    registry = Registry([tmp_path], shipped=False, installed=False)
    day = [date(2026, 11, 19)]
    engine = Engine.load("minimal", paths=[tmp_path], clock=lambda: datetime.combine(day[0], datetime.min.time(), LONDON))
    found = tuple((one, registry.load(one)) for one in registry.find("minimal"))
    served = policies.Policies({"minimal": policies.Served(engine, found)}, datetime.now(UTC))
    server = Server(Serving(served))
    assert server("POST", "/v1/packs/minimal/decide", json={"facts": {}}).status_code == 200
    assert server("GET", "/health").json()["status"] == "ready"
    day[0] = date(2026, 11, 20)
    return server


def test_a_pack_without_a_version_in_force_answers_that_and_the_server_lives(short_lived: Server) -> None:
    given = short_lived("POST", "/v1/packs/minimal/decide", json={"facts": {}})
    assert (given.status_code, given.json()["type"].rpartition("/")[2].rpartition("#")[2]) == (503, "no-policy")
    health = short_lived("GET", "/health")
    assert (health.status_code, health.json()["status"], health.json()["packs"]) == (200, "no-policy", {"minimal": None})
    assert short_lived("GET", "/v1/packs").json()["packs"][0]["fingerprint"] is None
    assert short_lived("GET", "/v1/packs/minimal").status_code == 200
    assert short_lived("POST", "/v1/packs/minimal/decide", json={"facts": {}, "on": "2026-11-19"}).status_code == 200


def test_a_request_is_answered_for_one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that lasts over midnight is decided by what was in force when it came."""
    engine = shipped().packs["ukcis"].engine
    days = iter([datetime(2024, 3, 10, 23, 59, tzinfo=LONDON), *[datetime(2024, 3, 11, 0, 1, tzinfo=LONDON)] * 100])
    monkeypatch.setattr(engine, "_clock", lambda: next(days))
    given = Server()("POST", "/v1/packs/ukcis/decide-many", json={"cases": [FACTS] * 3})
    before = Engine.load("ukcis", on=date(2024, 3, 10)).program.fingerprint
    assert given.headers["etag"] == f'"{before}"'
    assert before in given.text
    assert engine.program.fingerprint not in given.text


@pytest.mark.parametrize("on", ["2026-W48-1", "20261122", "tomorrow", 5])
def test_a_day_is_written_in_one_way(server: Server, on: object) -> None:
    assert server.decide(FACTS, on=on).status_code == 422


def test_no_more_names_than_there_are_facts(server: Server) -> None:
    assert server("POST", "/v1/packs/kscmp/next-question", json={"facts": {}, "unknown": ["x"] * 5_000}).status_code == 422
