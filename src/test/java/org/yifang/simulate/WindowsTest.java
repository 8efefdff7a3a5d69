package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

class WindowsTest {
    private static final List<Visit> VISITS =
            DayPlan.of(1, 80, LocalDate.of(2026, 11, 21), Casebook.of(Products.shelf()));

    private final Tally tally = new Tally();
    private final List<JsonObject> uploads = new ArrayList<>();

    @Test
    void events_are_told_together_in_their_order_and_the_rest_at_the_end() {
        Windows windows = new Windows((_, upload) -> answer(upload, "accepted"), tally, "r-");
        for (Visit visit : VISITS) {
            Windows.Turn turn = windows.joins(Windows.Stage.PAYMENT, visit, "MZ-1", "abc");
            turn.isCalled();
            turn.isServed();
        }
        assertThat(uploads).allMatch(one -> events(one) == 100).isNotEmpty();
        int before = uploads.size();
        windows.close();
        windows.close();
        assertThat(uploads).hasSizeBetween(before + 1, before + 2);
        assertThat(uploads.stream().mapToLong(WindowsTest::events).sum()).isEqualTo(320);
        assertThat(codesOf(uploads, "r-" + VISITS.getFirst().index()))
                .containsExactly("joined", "called", "service-start", "service-end");
        assertThat(tally.unexpectedCount()).isZero();
    }

    @Test
    void whatever_is_not_taken_in_is_unexpected() {
        Windows refused = new Windows((_, upload) -> answer(upload, "refused"), tally, "r-");
        refused.joins(Windows.Stage.REGISTRATION, VISITS.getFirst(), "MZ-1", "").leaves();
        refused.close();
        assertThat(tally.unexpectedCount()).isEqualTo(2);
        Windows failing = new Windows((_, _) -> Answer.of(500, "", "", "{}"), tally, "r-");
        failing.joins(Windows.Stage.REGISTRATION, VISITS.getFirst(), "MZ-1", "").leaves();
        failing.close();
        assertThat(tally.unexpectedCount()).isEqualTo(3);
        Windows forgetful =
                new Windows(
                        (_, _) -> Answer.of(200, "", "", "{\"resourceType\":\"Parameters\"}"),
                        tally,
                        "r-");
        forgetful.joins(Windows.Stage.REGISTRATION, VISITS.getFirst(), "MZ-1", "").leaves();
        forgetful.close();
        assertThat(tally.unexpectedCount()).isEqualTo(4);
    }

    private Answer answer(JsonObject upload, String outcome) {
        uploads.add(upload);
        JsonArray results = new JsonArray();
        for (long i = 0; i < events(upload); i++) {
            JsonArray parts = JsonArray.of(Json.parameter("outcome", "valueCode", outcome));
            results.add(new JsonObject().put("name", "result").put("part", parts));
        }
        JsonObject body = new JsonObject().put("parameter", results);
        return Answer.of(200, "", "", body.encode());
    }

    private static long events(JsonObject upload) {
        return Json.named(upload, "event").count();
    }

    private static List<String> codesOf(List<JsonObject> uploads, String ticket) {
        return uploads.stream()
                .flatMap(upload -> Json.named(upload, "event"))
                .filter(event -> ticket.equals(part(event, "ticket", "valueString")))
                .map(event -> part(event, "code", "valueCode"))
                .toList();
    }

    private static String part(JsonObject event, String name, String type) {
        return Json.each(event, "part")
                .filter(one -> name.equals(one.getString("name")))
                .map(one -> one.getString(type, ""))
                .findFirst()
                .orElse("");
    }
}
