package org.yifang.simulate;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;

/// What happens at the counters that a patient comes to with a pick-up code.
final class Counter {
    private static final Duration WALK = Duration.ofMinutes(25);
    private static final Duration PREPARATION = Duration.ofMinutes(7);

    /// What a pick-up code is made of; only for mistyping it.
    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private final Scene scene;
    private final Visit visit;
    private final Rx rx;
    private final Expect expect;
    private final RandomGenerator random;

    Counter(Scene scene, Visit visit, Rx rx, Expect expect, RandomGenerator random) {
        this.scene = scene;
        this.visit = visit;
        this.rx = rx;
        this.expect = expect;
        this.random = random;
    }

    /// A claim as its holder knows it.
    ///
    /// @param token the claim-token
    /// @param requests the MedicationRequests, in order
    record Claim(County.Client holder, String token, List<JsonObject> requests) {}

    /// The patient comes, perhaps thinks again, and goes home with every drug.
    void serve() {
        scene.pause(random, WALK);
        Claim claim = claimed();
        tells(claim, "arrived");
        if (visit.has(Visit.Quirk.CLAIMED_TWICE)) {
            Claim again = accepted(claim(claim.holder(), rx.code()), claim.holder());
            expect.same("claim (by the holder again)", claim.token(), again.token());
        }
        if (visit.has(Visit.Quirk.CLAIMED_BY_OTHER)) {
            isRefused(otherThan(claim.holder()), "RX-2002");
        }
        if (visit.has(Visit.Quirk.CHANGES_MIND)) {
            release(claim);
            scene.pause(random, WALK);
            claim =
                    accepted(
                            claim(otherThan(claim.holder()), rx.code()), otherThan(claim.holder()));
            tells(claim, "arrived");
        }
        tells(claim, "paid");
        scene.pause(random, PREPARATION);
        tells(claim, "prepared");
        dispense(claim);
        if (visit.has(Visit.Quirk.COMES_AGAIN)) {
            isRefused(otherThan(claim.holder()), "RX-2008");
        }
    }

    /// The patient comes, waits, and goes home with nothing.
    void leaveWithNothing() {
        scene.pause(random, WALK);
        Claim claim = claimed();
        tells(claim, "arrived");
        release(claim);
    }

    /// A pharmacy with a screen over its counter tells how far it is.
    private void tells(Claim claim, String moment) {
        if (!County.hasScreen(claim.holder())) {
            return;
        }
        JsonObject body =
                Json.parameters(
                        Json.parameter("moment", "valueCode", moment),
                        Json.parameter(
                                "at",
                                "valueInstant",
                                Instant.now().truncatedTo(ChronoUnit.MILLIS).toString()));
        Answer answer =
                scene.remote()
                        .post(
                                "progress",
                                who(claim.holder()),
                                "/fhir/Task/" + rx.task() + "/$progress",
                                body);
        expect.status("progress (" + moment + ")", answer, 200);
    }

    /// A pharmacy tries to claim and is told this problem.
    void isRefused(County.Client pharmacy, String problem) {
        expect.refusal("claim", claim(pharmacy, rx.code()), 409, problem);
    }

    private Claim claimed() {
        County.Client first = visit.pharmacies().getFirst();
        if (visit.has(Visit.Quirk.WRONG_CODE)) {
            expect.refusal("claim", claim(first, mistyped()), 403, "RX-2013");
        }
        if (visit.has(Visit.Quirk.RACED)) {
            return raced(first, visit.pharmacies().get(1));
        }
        return accepted(claim(first, rx.code()), first);
    }

    private Claim raced(County.Client one, County.Client other) {
        List<Answer> answers =
                Expect.together(
                        List.of(() -> claim(one, rx.code()), () -> claim(other, rx.code())));
        boolean oneWon = answers.getFirst().isGood();
        Answer lost = oneWon ? answers.getLast() : answers.getFirst();
        expect.refusal("claim", lost, 409, "RX-2002");
        return oneWon ? accepted(answers.getFirst(), one) : accepted(answers.getLast(), other);
    }

    private Answer claim(County.Client pharmacy, String code) {
        JsonObject body = Json.parameters(Json.parameter("pickup-code", "valueString", code));
        return scene.remote().post("claim", who(pharmacy), "/fhir/Task/$claim", body);
    }

    private Claim accepted(Answer answer, County.Client holder) {
        JsonObject body = expect.status("claim", answer, 200).body();
        List<JsonObject> requests =
                Json.named(body, "prescription")
                        .map(one -> Json.inside(one, "resource"))
                        .filter(one -> "MedicationRequest".equals(one.getString("resourceType")))
                        .toList();
        expect.same("claim (lines)", visit.complaint().lines().size(), requests.size());
        expect.same("claim (original)", rx.original(), original(body));
        String token = text(body, "claim-token");
        scene.journal()
                .done(
                        "claim",
                        holder.id(),
                        rx.task(),
                        new JsonObject().put("code", rx.code()).put("token", token));
        return new Claim(holder, token, requests);
    }

    private static Buffer original(JsonObject claim) {
        return Json.named(claim, "original")
                .map(one -> one.getString("valueBase64Binary", ""))
                .map(text -> Buffer.buffer(Base64.getMimeDecoder().decode(text)))
                .findFirst()
                .orElse(Buffer.buffer());
    }

    private static String text(JsonObject parameters, String name) {
        return Json.named(parameters, name)
                .map(one -> one.getString("valueString", ""))
                .findFirst()
                .orElse("");
    }

    private void release(Claim claim) {
        scene.journal().trying("release", claim.holder().id(), rx.task());
        JsonObject body =
                Json.parameters(
                        Json.parameter("claim-token", "valueString", claim.token()),
                        Story.reason("患者改去其他药店。"));
        Answer answer =
                scene.remote()
                        .post(
                                "release",
                                who(claim.holder()),
                                "/fhir/Task/" + rx.task() + "/$release",
                                body.toBuffer(),
                                "release-" + claim.token());
        expect.status("release", answer, 200);
        expect.same("release (state)", "ready/awaiting-claim", Story.state(answer.body()));
    }

    private void dispense(Claim claim) {
        DispenseCall call = new DispenseCall(scene, rx, claim, random, Instant.now());
        scene.journal().trying("dispense", claim.holder().id(), rx.task());
        if (visit.has(Visit.Quirk.UNCHECKED)) {
            expect.refusal("dispense (unchecked)", send(claim, call.byOnePerson()), 422, "");
        }
        Buffer body = call.byTwoPeople();
        List<Answer> answers =
                visit.has(Visit.Quirk.DISPENSED_TWICE)
                        ? Expect.together(List.of(() -> send(claim, body), () -> send(claim, body)))
                        : List.of(send(claim, body));
        answers.forEach(answer -> expect.status("dispense", answer, 200));
        List<String> ids = ids(answers.getFirst());
        expect.same("dispense (lines)", claim.requests().size(), ids.size());
        expect.same("dispense (repeated)", ids, ids(answers.getLast()));
        JsonObject keys = new JsonObject();
        for (int i = 0; i < ids.size(); i++) {
            keys.put(call.keys().get(i), ids.get(i));
        }
        scene.journal()
                .done(
                        "dispense",
                        claim.holder().id(),
                        rx.task(),
                        new JsonObject().put("dispenses", keys));
    }

    private Answer send(Claim claim, Buffer body) {
        return scene.remote()
                .post(
                        "dispense",
                        who(claim.holder()),
                        "/fhir/Task/" + rx.task() + "/$dispense",
                        body,
                        "");
    }

    private static List<String> ids(Answer answer) {
        return Json.named(answer.body(), "dispense")
                .map(one -> Json.inside(one, "resource").getString("id", ""))
                .toList();
    }

    private County.Client otherThan(County.Client pharmacy) {
        return visit.pharmacies().stream()
                .filter(one -> !one.equals(pharmacy))
                .findFirst()
                .orElseThrow();
    }

    private Tokens.Sender who(County.Client pharmacy) {
        return new Tokens.Sender(pharmacy, pharmacy.staff().getFirst());
    }

    private String mistyped() {
        char last = rx.code().charAt(7);
        char other = last == LETTERS.charAt(0) ? LETTERS.charAt(1) : LETTERS.charAt(0);
        return rx.code().substring(0, 7) + other;
    }
}
