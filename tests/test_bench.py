"""What the benchmark reports, without running it whole."""

import http.client
import json
import shutil
import smtplib
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from porchlight import bench
from porchlight.bench import (
    backing_up,
    board,
    crash,
    fanout,
    match,
    pages,
    raising,
    rivals,
    smtp,
    timers,
)
from porchlight.bench.mail_sink import MailSink
from porchlight.bench.sink import Sink, Stamp
from porchlight.sharing.rules import planning


def test_percentiles_are_of_the_nearest_rank() -> None:
    took = [float(number) for number in range(1, 101)]
    found = pages.Measured(took=took, seconds=10.0, body=7).summary()
    assert found == {
        "requests": 100,
        "per_s": 10.0,
        "p50_ms": 50_000.0,
        "p99_ms": 99_000.0,
        "bytes": 7,
    }
    assert pages.Measured(took=[0.25], seconds=1.0, body=1).summary()["p99_ms"] == 250.0


@pytest.mark.parametrize("seconds", ["0", "61", "a while"])
def test_a_run_is_bounded(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["pages", "--seconds", seconds])
    assert "seconds" in capsys.readouterr().err


@pytest.mark.faults
@pytest.mark.running
def test_a_run_measures_home_a_list_and_the_bare_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["pages", "--json", "--seconds", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["pages"]) == {"home", "list"}
    for page in told["pages"].values():
        assert page["requests"] > 0
        assert 0 < page["p50_ms"] <= page["p99_ms"]
        assert 0 < page["queries"] <= 25
        assert page["bytes"] <= 25_000
        assert 0 < page["ratio_to_bare"] < 1
    assert told["peers"]["bare"]["per_s"] > 0


# ---------- fanout ----------


def stamps(*moments: float) -> list[Stamp]:
    return [Stamp(at=at, number=number) for number, at in enumerate(moments, start=100)]


def test_a_rate_counts_from_the_first_message_to_the_last() -> None:
    assert fanout.per_second(stamps(1.0, 1.25, 1.5)) == 4.0


def test_a_run_that_lost_or_doubled_a_message_has_no_speed() -> None:
    whole = stamps(1.0, 2.0, 3.0)
    assert fanout.within(whole, range(100, 103)) == whole
    assert fanout.within(whole, range(101, 102)) == [whole[1]]
    for wrong in (whole[:2], [*whole, whole[0]], [*whole[:2], whole[0]]):
        with pytest.raises(fanout.NotWhole):
            fanout.within(wrong, range(100, 103))


@pytest.mark.parametrize("many", [1, 2, 3, 7])
def test_the_work_is_parted_evenly(many: int) -> None:
    parts = fanout.parts(range(5, 105), many)
    assert [number for part in parts for number in part] == list(range(5, 105))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_each_measure_is_the_median_of_all_runs() -> None:
    runs = [{"a": 1.0, "b": 9.0}, {"a": 3.0, "b": 1.0}, {"a": 2.0, "b": 2.0}]
    assert fanout.medians(runs) == {"a": 2.0, "b": 2.0}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--recipients", "99"), ("--recipients", "100001"), ("--runs", "0"), ("--senders", "9"),
        ("--workers", "9"),
    ],
)  # fmt: skip
def test_a_fan_out_is_bounded(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["fanout", option, value])
    assert option in capsys.readouterr().err


@pytest.mark.parametrize("compiler", ["c", "none"])
def test_the_gateway_remembers_each_message(compiler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if compiler == "none":
        monkeypatch.setattr(shutil, "which", lambda _: None)
    with Sink(expected=3) as gateway:
        assert gateway.is_c == (shutil.which("cc") is not None)
        before = time.monotonic()
        place = urlsplit(gateway.url)
        line = http.client.HTTPConnection(place.hostname or "", place.port)
        for body in ('{"to":"+31612345678"}', "To=%2B442079460000&Body=hi", "nothing"):
            line.request("POST", "/messages", body)
            answer = line.getresponse()
            assert (answer.status, json.loads(answer.read())["status"]) == (200, "sent")
        assert gateway.has_all(5)
        line.close()
        found = gateway.stop()
    assert [stamp.number for stamp in found] == [31612345678, 442079460000, 0]
    assert all(before <= stamp.at <= time.monotonic() for stamp in found)


@pytest.mark.parametrize("compiler", ["c", "none"])
def test_the_gateway_tells_what_it_took(compiler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if compiler == "none":
        monkeypatch.setattr(shutil, "which", lambda _: None)
    with Sink(expected=1) as gateway:
        place = urlsplit(gateway.url)
        line = http.client.HTTPConnection(place.hostname or "", place.port)

        def asked(reference: int) -> int:
            line.request("GET", f"/messages/{reference}")
            answer = line.getresponse()
            answer.read()
            return answer.status

        assert asked(17) == 404
        line.request("POST", "/messages", json.dumps({"to": "+31612345678", "reference": "17"}))
        assert line.getresponse().read()
        assert [asked(17), asked(1), asked(171)] == [200, 404, 404]
        line.close()
        assert len(gateway.stop()) == 1


def no_peer_can_be_had(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    lock = folder / "requirements-peers.txt"
    lock.write_text("no-such-package-of-anybody==0 --hash=sha256:" + "0" * 64, "ascii")
    for name, value in {"LOCK": lock, "FOLDER": folder / "peers"}.items():
        monkeypatch.setattr(rivals, name, value)
    monkeypatch.setenv("PIP_NO_INDEX", "1")


def test_a_peer_that_cannot_be_had_is_named_with_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    no_peer_can_be_had(monkeypatch, tmp_path)
    monkeypatch.setattr(fanout, "PEER_MESSAGES", {})
    found = fanout.peers(1, 100.0, with_more=True)
    assert set(found) == set(rivals.MESSAGES) == set(rivals.WHICH)
    assert all("no-such-package-of-anybody" in one["not_run"] for one in found.values())
    assert fanout.peers(1, 100.0, with_more=False) == {}


@pytest.mark.running
@pytest.mark.faults
def test_a_fan_out_is_measured_from_the_press_to_the_last_outcome(
    capsys: pytest.CaptureFixture[str],
) -> None:
    chosen = ["--recipients", "300", "--runs", "1", "--senders", "2", "--workers", "1"]
    assert bench.main(["fanout", "--json", *chosen]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["recipients"], told["runs"], told["senders"]) == (300, 1, 2)
    assert 0 < told["first_ms"] < told["last_ms"] <= told["recorded_ms"]
    assert told["stored_ms"] > 0 and told["bells_ms"] > 0
    assert told["due_first_ms"] > 0 and told["per_s_while_storing"] > 0
    assert told["ratio_to_limit"] == pytest.approx(told["per_s"] / told["limit_per_s"], abs=0.01)
    assert 0 < told["urgent_during_ms"]["p50"] <= told["urgent_during_ms"]["max"]
    assert {name: peer["per_s"] > 0 for name, peer in told["peers"].items()} == {
        "loop": True,
        "procrastinate": True,
    }
    for one in told["peers"].values():
        assert one["ratio"] == pytest.approx(told["per_s"] / one["per_s"], abs=0.01)
    assert told["workers"]["number"] == 1 and told["workers"]["scale"] > 0
    assert "recorded a second" in fanout._told(told)


@pytest.mark.parametrize("option", ["--taps", "--holds"])
@pytest.mark.parametrize("value", ["0", "1001", "many"])
def test_presses_are_bounded(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["raise", option, value])
    assert option in capsys.readouterr().err


@pytest.mark.running
@pytest.mark.faults
def test_a_press_is_measured_to_its_first_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["raise", "--json", "--taps", "1", "--holds", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["taps"], told["holds"], told["invitations"]) == (1, 1, 60)
    for name in raising.NAMES:
        assert 0 < told[name]["p50"] <= told[name]["p99"]
    assert told["first_ms"]["p50"] <= told["last_ms"]["p50"]
    assert "60 invited each" in raising._told(told)


# ---------- timers ----------


@pytest.mark.parametrize(
    ("option", "value"),
    [("--calls", "3"), ("--calls", "5001"), ("--seconds", "0"), ("--runs", "21")],
)
def test_timers_are_bounded(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["timers", option, value])
    assert option in capsys.readouterr().err


@pytest.mark.running
@pytest.mark.faults
def test_steps_are_measured_from_their_moment_to_their_commit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bench.main(["timers", "--json", "--calls", "12", "--seconds", "1", "--runs", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["calls"], told["seconds"], told["runs"]) == (12, 1, 1)
    assert 0 < told["late_ms"]["p50"] <= told["late_ms"]["p99"] <= told["late_ms"]["max"]
    assert told["at_once_last_ms"] > 0 and told["at_once_per_s"] > 0
    assert "12 open calls" in timers._told(told)


# ---------- kill -9 ----------


def killing(*stamps: tuple[float, int], killed_at: float = 10.0) -> crash.Killing:
    return crash.Killing(
        victim="worker", numbers=range(1, 4), killed_at=killed_at, known_at=22.0, in_doubt=1,
        stamps=[Stamp(at=at, number=number) for at, number in stamps],
    )  # fmt: skip


def test_what_was_on_its_way_at_a_kill_is_not_sending_again() -> None:
    told = crash.summary([killing((9.0, 1), (10.1, 2), (12.5, 3))])
    assert told["again_ms"] == {"p50": 2500.0, "max": 2500.0}
    assert told["known_ms"] == {"p50": 12_000.0, "max": 12_000.0}
    assert (told["in_doubt"], told["twice"], told["lost"]) == (1, 0, 0)
    assert "web_ms" not in told


def test_what_is_lost_or_doubled_by_a_kill_is_counted_over_all_runs() -> None:
    doubled = killing((9.0, 1), (9.5, 2), (12.0, 2), (13.0, 3))
    told = crash.summary([killing((9.0, 1), (12.0, 3)), doubled, doubled])
    assert (told["in_doubt"], told["in_doubt_max"], told["twice"], told["lost"]) == (3, 1, 2, 1)


@pytest.mark.parametrize(("option", "value"), [("--recipients", "5999"), ("--runs", "0")])
def test_kills_are_bounded(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["crash", option, value])
    assert option in capsys.readouterr().err


@pytest.mark.running
@pytest.mark.faults
def test_after_each_kill_it_goes_on_by_itself_and_loses_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bench.main(["crash", "--json", "--recipients", "6000", "--runs", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["killed"]) == set(crash.VICTIMS)
    for found in told["killed"].values():
        assert (found["lost"], found["twice"]) == (0, 0)
        assert 0 < found["again_ms"]["p50"] <= found["known_ms"]["p50"]
    assert told["killed"]["web"]["web_ms"]["p50"] > 0
    assert "sending again" in crash._told(told)


# ---------- mail ----------


@pytest.mark.parametrize(("option", "value"), [("--recipients", "99"), ("--senders", "9")])
def test_mails_are_bounded(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["smtp", option, value])
    assert option in capsys.readouterr().err


def test_where_there_is_no_smtp_sink_our_own_takes_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with MailSink() as server:
        assert server.program == "python"
        place = urlsplit(server.url)
        with smtplib.SMTP(place.hostname or "", place.port or 0) as line:
            for number in range(2):
                refused = line.sendmail("a@x.example", [f"p{number}@x.example"], "Hi\n.\n..\nHo")
                assert refused == {}


@pytest.mark.running
@pytest.mark.faults
def test_mails_are_measured_beside_the_bare_pool(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["smtp", "--json", "--recipients", "200", "--runs", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sink"] in {"smtp-sink", "python"}
    for name in ("pooled", "objects"):
        ratio = told["per_s"] / told[f"{name}_per_s"]
        assert told[f"ratio_to_{name}"] == pytest.approx(ratio, abs=0.01)
    assert "an object for each mail" in smtp._told(told)


# ---------- backup ----------


@pytest.mark.parametrize("value", ["0.01", "9", "much"])
def test_a_backup_to_measure_is_bounded(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["backup", "--gigabytes", value])
    assert "--gigabytes" in capsys.readouterr().err


def test_the_watch_tells_sealed_files_from_plain_ones(tmp_path: Path) -> None:
    watch = backing_up.Watch(tmp_path)
    with watch.over():
        (tmp_path / "sealed.part").write_bytes(backing_up.SEALED + b"/v1 ...")
        (tmp_path / "below").mkdir()
        (tmp_path / "below" / "dump").write_bytes(b"PGDMP")
        (tmp_path / "audit-heads.json").write_bytes(b"[]")
    assert (watch.sealed, watch.plain) == ({"sealed.part"}, {"dump"})


def test_a_guarded_word_is_found_wherever_it_lies_in_a_file(tmp_path: Path) -> None:
    edge = bytes(2**22 - 5)
    word = backing_up.CANARY_BYTES
    for name, content in {"across": edge + word, "hex": word.hex().encode(), "none": edge}.items():
        (tmp_path / name).write_bytes(content)
    found = [Path(name).name for name in backing_up.files_with(tmp_path, word)]
    assert found == ["across", "hex"]


@pytest.mark.running
@pytest.mark.faults
def test_a_backup_a_drill_and_a_restore_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["backup", "--json", "--gigabytes", "0.02"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["database_bytes"] >= 0.02 * backing_up.GIGABYTE
    for deed in backing_up.DEEDS:
        assert told[deed]["s"] > 0
        grown = told[deed]["memory_mb"] - told[deed]["memory_before_mb"]
        assert 0 <= grown < backing_up.MOST_GROWN_MB, deed
        assert told[deed]["memory_mb"] > 0
    assert told["drill"]["rows"] >= told["restore"]["rows"] > 1_000
    assert told["restore"]["opens"]
    assert told["files_sealed"] >= 1  # as many as it saw: so few bytes are written in a moment
    assert told["files_plain"] == told["files_with_guarded_words"] == []
    assert "nothing" in backing_up._told(told)


@pytest.mark.parametrize(("option", "value"), [("--needs", "9"), ("--offers", "40001")])
def test_towns_are_bounded(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["match", option, value])
    assert option in capsys.readouterr().err


def test_a_plan_is_measured_beside_greedy_and_the_full_table(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    no_peer_can_be_had(monkeypatch, tmp_path)
    assert bench.main(["match", "--json", "--needs", "300", "--offers", "200"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["gap_to_bound"] == 0
    assert found["pairs"] > found["met"] > 0
    assert found["batch_s"] > 0
    assert found["peak_mb"] > 10
    greedy = found["peers"]["greedy"]
    assert greedy["worth"] <= found["worth"]
    assert greedy["met"] <= found["met"]
    assert "no-such-package-of-anybody" in found["peers"]["scipy_full_table"]["not_measured"]
    assert "no-such-package-of-anybody" in match._told(found)


def test_the_board_is_measured_with_many_and_with_few(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["board", "--json", "--needs", "400", "--requests", "5"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["queries"] == found["queries_when_few"] > 5
    assert set(found["views"]) == {
        "waiting_longest", "soonest", "one_kind", "one_part", "far_behind",
    }  # fmt: skip
    assert 0 < found["p50_ms"] <= found["p95_ms"]
    assert "400 open needs" in board._told(found)


def test_greedy_takes_nobody_twice_and_nobody_too_often() -> None:
    needs, offers = match.town(120, 40, most_seats=2)
    flow = planning.Flow(needs, offers, planning.pairs_that_fit(needs, offers))
    taken = match.greedy(needs, offers, flow)
    assert taken.any()
    for row, need in enumerate(needs):
        assert (flow.pairs.need[taken] == row).sum() <= need.seats
    for row, offer in enumerate(offers):
        assert (flow.pairs.offer[taken] == row).sum() <= offer.seats
    assert flow.value(taken) <= flow.value(flow.best()) <= flow.bound(taken)
