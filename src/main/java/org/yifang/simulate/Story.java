package org.yifang.simulate;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Plays one visit: what hospital, reviewer and patient do, until the prescription has its end.
final class Story {
    private static final Duration LINE = Duration.ofMinutes(8);
    private static final Duration AT_THE_WINDOW = Duration.ofMinutes(2);
    private static final Duration CONSULTATION = Duration.ofMinutes(6);
    private static final Duration REVIEW = Duration.ofMinutes(4);
    private static final Duration SECOND_THOUGHTS = Duration.ofMinutes(10);
    private static final List<String> REVIEW_ITEMS =
            List.of(
                    "skin-test",
                    "diagnosis",
                    "dosage",
                    "form-and-route",
                    "duplication",
                    "interaction",
                    "other");

    private final Scene scene;
    private final Visit visit;
    private final RandomGenerator random;

    /// Of the windows alone: how long people stand there changes nothing else of the day.
    private final RandomGenerator lines;

    private final Expect expect;
    private final Tokens.Sender doctor;
    private final String number;

    Story(Scene scene, Visit visit) {
        this.scene = scene;
        this.visit = visit;
        this.random = new SplittableRandom(visit.seed() ^ 0x5DEECE66DL);
        this.lines = new SplittableRandom(visit.seed() ^ 0x7F4A7C15L);
        this.number = number(scene.run(), visit);
        this.expect = new Expect(scene.tally(), number);
        County.Client hospital = visit.hospital().client();
        this.doctor = new Tokens.Sender(hospital, hospital.staff().get(visit.doctor()));
    }

    /// The hospital's number of this prescription: organization, day, run and place in the run.
    static String number(String run, Visit visit) {
        String day =
                LocalDate.now(ZoneId.of("Asia/Shanghai")).format(DateTimeFormatter.BASIC_ISO_DATE);
        return "%s-%s-%s%06d"
                .formatted(visit.hospital().client().organization(), day, run, visit.index());
    }

    /// Plays it to its end; whatever was not expected is in the tally afterwards.
    void play() {
        String end;
        try {
            end = told();
        } catch (Derailed derailed) {
            end = "(not as expected: " + derailed.getMessage() + ")";
        } catch (Remote.Away away) {
            scene.tally()
                    .unexpected("call", number, "an answer", String.valueOf(away.getMessage()));
            end = "(service away)";
        }
        scene.tally().ended(end);
    }

    private String told() {
        isServed(joins(Windows.Stage.REGISTRATION, ""));
        Rx rx = submitted();
        if (visit.has(Visit.Quirk.READ_BY_STRANGER)) {
            strangerReads(rx);
        }
        Counter counter = new Counter(scene, visit, rx, expect, random);
        if (!visit.has(Visit.Quirk.REVIEWED_BEFORE)) {
            if (visit.has(Visit.Quirk.TOO_EARLY)) {
                counter.isRefused(visit.pharmacies().getFirst(), "RX-2001");
            }
            scene.pause(random, REVIEW);
            review(rx, visit.ending() != Visit.Ending.REVIEW_REFUSED);
        }
        String end =
                switch (visit.ending()) {
                    case DISPENSED -> {
                        isServed(joins(Windows.Stage.PAYMENT, rx.task()));
                        counter.serve();
                        yield "completed/dispensed";
                    }
                    case NOT_FETCHED -> {
                        Windows.Turn payment = joins(Windows.Stage.PAYMENT, rx.task());
                        scene.pause(lines, LINE);
                        payment.leaves();
                        yield "ready/awaiting-claim";
                    }
                    case GIVEN_UP -> {
                        isServed(joins(Windows.Stage.PAYMENT, rx.task()));
                        counter.leaveWithNothing();
                        yield "ready/awaiting-claim";
                    }
                    case CANCELLED -> {
                        cancel(rx);
                        counter.isRefused(visit.pharmacies().getFirst(), "RX-2005");
                        yield "cancelled/cancelled";
                    }
                    case REVIEW_REFUSED -> {
                        counter.isRefused(visit.pharmacies().getFirst(), "RX-2012");
                        yield "rejected/review-refused";
                    }
                };
        expect.same("final state", end, state(rx));
        return end;
    }

    private Windows.Turn joins(Windows.Stage stage, String task) {
        return scene.windows().joins(stage, visit, "MZ-" + number, task);
    }

    private void isServed(Windows.Turn turn) {
        scene.pause(lines, LINE);
        turn.isCalled();
        scene.pause(lines, AT_THE_WINDOW);
        turn.isServed();
    }

    private Rx submitted() {
        Windows.Turn consultation = joins(Windows.Stage.CONSULTATION, "");
        scene.pause(lines, LINE);
        consultation.isCalled();
        Instant arrived = Instant.now();
        scene.pause(random, CONSULTATION);
        JsonObject document = RxDocument.of(visit, number, arrived, Instant.now());
        if (visit.has(Visit.Quirk.UNKNOWN_DRUG)) {
            Answer refused = submit("submit (unknown drug)", unknownDrug(document).toBuffer());
            expect.refusal("submit (unknown drug)", refused, 422, "");
        }
        Buffer original = document.toBuffer();
        Rx rx = submitted(original);
        consultation.isServed();
        if (visit.has(Visit.Quirk.NUMBER_REUSED)) {
            Buffer other = otherQuantity(document).toBuffer();
            expect.refusal(
                    "submit (number reused)",
                    submit("submit (number reused)", other),
                    409,
                    "RX-1409");
        }
        return rx;
    }

    private Rx submitted(Buffer original) {
        boolean twice = visit.has(Visit.Quirk.SUBMITTED_TWICE);
        List<Answer> answers =
                twice
                        ? Expect.together(
                                List.of(
                                        () -> submit("submit", original),
                                        () -> submit("submit", original)))
                        : List.of(submit("submit", original));
        // 200 alone: the first answer was lost on the way, and the call repeated.
        answers.forEach(answer -> expect.status("submit", answer, 201, 200));
        JsonObject task = answers.getFirst().body();
        Rx rx = new Rx(number, original, task.getString("id", ""), output(task, "pickup-code"));
        expect.same("submit (a code of 8)", 8, rx.code().length());
        expect.same("submit (repeated)", rx.task(), answers.getLast().body().getString("id", ""));
        expect.same("submit (code)", rx.code(), output(answers.getLast().body(), "pickup-code"));
        expect.same("submit (state)", firstState(), state(task));
        scene.journal()
                .done(
                        "submit",
                        doctor.client().id(),
                        rx.task(),
                        new JsonObject()
                                .put("number", number)
                                .put("lines", visit.complaint().lines().size())
                                .put("code", rx.code()));
        scene.tally().submitted();
        return rx;
    }

    private Answer submit(String operation, Buffer document) {
        return scene.remote().post(operation, doctor, "/fhir/$submit-prescription", document, "");
    }

    private String firstState() {
        return visit.has(Visit.Quirk.REVIEWED_BEFORE)
                ? "ready/awaiting-claim"
                : "requested/awaiting-review";
    }

    private void strangerReads(Rx rx) {
        int other = County.HOSPITALS.indexOf(visit.hospital()) == 0 ? 1 : 0;
        County.Client stranger = County.HOSPITALS.get(other).client();
        Tokens.Sender who = new Tokens.Sender(stranger, stranger.staff().getFirst());
        Answer answer = scene.remote().get("read (stranger)", who, "/fhir/Task/" + rx.task());
        expect.refusal("read (stranger)", answer, 404, "");
    }

    private void review(Rx rx, boolean approve) {
        JsonArray parameters = new JsonArray();
        parameters.add(Json.parameter("decision", "valueCode", approve ? "approve" : "refuse"));
        String failed = approve ? "" : REVIEW_ITEMS.get(random.nextInt(REVIEW_ITEMS.size()));
        for (String item : REVIEW_ITEMS) {
            String result = item.equals(failed) ? "fail" : "pass";
            JsonArray parts =
                    JsonArray.of(
                            Json.parameter("item", "valueCode", item),
                            Json.parameter("result", "valueCode", result));
            parameters.add(new JsonObject().put("name", "check").put("part", parts));
        }
        if (!approve) {
            parameters.add(reason("用法用量与诊断不符，请复核。"));
        }
        JsonObject body =
                new JsonObject().put("resourceType", "Parameters").put("parameter", parameters);
        List<County.Staff> pharmacists = County.REVIEWER.staff();
        Tokens.Sender who =
                new Tokens.Sender(
                        County.REVIEWER, pharmacists.get(random.nextInt(pharmacists.size())));
        scene.journal().trying("review", who.client().id(), rx.task());
        Answer answer =
                scene.remote()
                        .post(
                                "review",
                                who,
                                "/fhir/Task/" + rx.task() + "/$review",
                                body.toBuffer(),
                                "review-" + number);
        expect.status("review", answer, 200);
        String state = approve ? "ready/awaiting-claim" : "rejected/review-refused";
        expect.same("review (state)", state, state(answer.body()));
    }

    private void cancel(Rx rx) {
        scene.pause(random, SECOND_THOUGHTS);
        scene.journal().trying("cancel", doctor.client().id(), rx.task());
        Answer answer =
                scene.remote()
                        .post(
                                "cancel",
                                doctor,
                                "/fhir/Task/" + rx.task() + "/$cancel",
                                Json.parameters(reason("开方有误，重新开具。")).toBuffer(),
                                "cancel-" + number);
        expect.status("cancel", answer, 200);
    }

    private String state(Rx rx) {
        Answer answer = scene.remote().get("read Task", doctor, "/fhir/Task/" + rx.task());
        return state(expect.status("read Task", answer, 200).body());
    }

    static String state(JsonObject task) {
        return task.getString("status") + "/" + Json.code(Json.inside(task, "businessStatus"), "");
    }

    static JsonObject reason(String words) {
        return Json.parameter(
                "reason", "valueCodeableConcept", new JsonObject().put("text", words));
    }

    private static String output(JsonObject task, String name) {
        return Json.each(task, "output")
                .filter(one -> name.equals(Json.code(Json.inside(one, "type"), "")))
                .map(one -> one.getString("valueString", ""))
                .findFirst()
                .orElse("");
    }

    private static JsonObject unknownDrug(JsonObject document) {
        return changed(
                document,
                request ->
                        request.getJsonObject("medicationCodeableConcept")
                                .getJsonArray("coding")
                                .getJsonObject(0)
                                .put("code", "XZ99ZZZ999Z999019999999"));
    }

    private static JsonObject otherQuantity(JsonObject document) {
        return changed(
                document,
                request -> {
                    JsonObject quantity =
                            request.getJsonObject("dispenseRequest").getJsonObject("quantity");
                    // One less at most: another prescription, but none that breaks a rule.
                    int value = quantity.getInteger("value");
                    quantity.put("value", value > 1 ? value - 1 : 2);
                });
    }

    private interface Change {
        void of(JsonObject request);
    }

    private static JsonObject changed(JsonObject document, Change change) {
        JsonObject copy = document.copy();
        Json.each(copy, "entry")
                .map(entry -> entry.getJsonObject("resource"))
                .filter(one -> "MedicationRequest".equals(one.getString("resourceType")))
                .findFirst()
                .ifPresent(change::of);
        return copy;
    }
}
