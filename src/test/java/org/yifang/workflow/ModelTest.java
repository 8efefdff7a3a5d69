package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Story.reason;
import static org.yifang.workflow.Story.string;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Random commands of every role against the real service and against [Model]: after each step both
/// say the same of the answer, the Task and every line.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelTest {
    /// 11 is the in-house pharmacy of the issuing hospital.
    private static final List<Integer> PHARMACIES = List.of(1, 2, 11);

    private static final int IN_HOUSE = 11;

    /// Odd times, so that no two of their sums fall on one moment.
    private static final List<Duration> MOVES =
            List.of(
                    Duration.ofSeconds(7 * 60 + 13),
                    Duration.ofSeconds(7 * 60 + 13),
                    Duration.ofSeconds(31 * 60 + 17),
                    Duration.ofSeconds(31 * 60 + 17),
                    Duration.ofSeconds(4 * 3600 + 661),
                    Duration.ofSeconds(26 * 3600 + 433),
                    Duration.ofSeconds(92 * 3600 + 157),
                    Duration.ofSeconds(221 * 3600 + 91));

    private TestService service;
    private Story story;
    private Map<Integer, Client> pharmacies;
    private Map<Integer, String> organizations;

    @BeforeAll
    void start() {
        service = TestService.own(Map.of());
        story = new Story(service);
        pharmacies = new HashMap<>();
        organizations = new HashMap<>();
        for (int pharmacy : PHARMACIES) {
            pharmacies.put(pharmacy, new Client(service, "pharmacy-" + pharmacy));
            organizations.put(pharmacy, story.organization("P421281000%02d".formatted(pharmacy)));
        }
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void the_service_and_the_contract_agree_on_random_lives() {
        for (int seed = 1; seed <= 12; seed++) {
            new Life(seed).live(25);
        }
    }

    @Test
    @Tag("soak")
    void the_service_and_the_contract_agree_on_many_random_lives() {
        for (int seed = 1_000; seed < 1_400; seed++) {
            new Life(seed).live(30);
        }
    }

    /// One prescription from its submission on.
    private final class Life {
        private final Random random;
        private final StringBuilder told = new StringBuilder();
        private final Model model;
        private final Rx rx;
        private final Map<Integer, String> tokens = new HashMap<>();
        private final Map<Integer, Integer> claims = new HashMap<>();
        private final List<String> dispenses = new ArrayList<>();

        Life(int seed) {
            random = new Random(seed);
            int fills = random.nextInt(3) == 0 ? 3 : 1;
            boolean inHouse = random.nextInt(4) == 0;
            boolean reviewed = random.nextInt(3) > 0;
            told.append(
                    "seed %d: %d fills, in-house %s, reviewed %s"
                            .formatted(seed, fills, inHouse, reviewed));
            ObjectNode document = reviewed ? story.document() : story.unreviewed();
            if (inHouse) {
                ((ObjectNode) Story.resource(document, "Composition").at("/extension/0"))
                        .put("valueCode", "issuing-hospital");
            }
            if (fills > 1) {
                Story.lines(document).forEach(line -> repeat(line, fills));
            }
            JsonNode validity =
                    Story.lines(document).getFirst().at("/dispenseRequest/validityPeriod");
            model =
                    new Model(
                            7,
                            fills,
                            inHouse,
                            !reviewed,
                            OffsetDateTime.parse(validity.path("start").asText()).toInstant(),
                            OffsetDateTime.parse(validity.path("end").asText()).toInstant(),
                            Duration.ofDays(10));
            rx = story.prescribed(document);
        }

        private static void repeat(ObjectNode line, int fills) {
            line.putObject("courseOfTherapyType")
                    .putArray("coding")
                    .addObject()
                    .put(
                            "system",
                            "http://terminology.hl7.org/CodeSystem/"
                                    + "medicationrequest-course-of-therapy")
                    .put("code", "continuous");
            ObjectNode request = (ObjectNode) line.get("dispenseRequest");
            request.put("numberOfRepeatsAllowed", fills - 1);
            request.putObject("dispenseInterval")
                    .put("value", 10)
                    .put("unit", "天")
                    .put("system", "http://unitsofmeasure.org")
                    .put("code", "d");
        }

        void live(int steps) {
            for (int i = 0; i < steps; i++) {
                if (random.nextInt(7) == 0) {
                    Duration by =
                            MOVES.get(
                                    Math.min(
                                            random.nextInt(MOVES.size()),
                                            random.nextInt(MOVES.size())));
                    service.clock().forward(by);
                    told.append("\n  later by ").append(by);
                } else {
                    step();
                }
            }
        }

        private void step() {
            Instant now = service.clock().instant();
            model.pass(now);
            int pharmacy = PHARMACIES.get(random.nextInt(PHARMACIES.size()));
            switch (random.nextInt(20)) {
                case 0, 1 -> review();
                case 2 -> compare("cancel", random.nextInt(3) == 0 ? model.cancel() : null);
                case 3 -> {
                    if (random.nextInt(3) == 0) {
                        suspend(now);
                    }
                }
                case 4 ->
                        said("resume", model.resume(), story.hospital.call(rx.path() + "/$resume"));
                case 5, 6 -> choose(random.nextInt(3) == 0 ? Model.NOBODY : pharmacy);
                case 7, 8, 9, 10 -> claim(pharmacy, now);
                case 11 -> renew(pharmacy, now);
                case 12 -> release(pharmacy);
                case 13 ->
                        said(
                                "release by the patient",
                                model.releaseByPatient(),
                                story.patient().call(rx.path() + "/$release"));
                case 14, 15, 16, 17 -> dispense(random.nextInt(5) == 0 ? pharmacy : last(), now);
                default -> takeBack(now);
            }
        }

        /// Seldom cancels, since nothing much happens afterwards.
        private void compare(String what, @org.jspecify.annotations.Nullable String expected) {
            if (expected != null) {
                said(what, expected, story.cancel(rx));
            }
        }

        private int last() {
            return claims.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey)
                    .orElse(1);
        }

        private void review() {
            boolean approve = random.nextInt(5) > 0;
            if (told.indexOf("reviewed false") > 0) {
                said(
                        approve ? "approve" : "refuse",
                        model.review(approve),
                        story.review(story.reviewer, rx, approve ? "approve" : "refuse"));
            }
        }

        private void suspend(Instant now) {
            Instant until = random.nextBoolean() ? now.plusSeconds(50_000) : null;
            Reply reply =
                    until == null
                            ? story.hospital.call(rx.path() + "/$suspend", reason("recall"))
                            : story.hospital.call(
                                    rx.path() + "/$suspend",
                                    reason("recall"),
                                    "{\"name\":\"until\",\"valueInstant\":\"" + until + "\"}");
            said("suspend until " + until, model.suspend(until), reply);
        }

        private void choose(int pharmacy) {
            String path = rx.path() + "/$choose-pharmacy";
            Reply reply =
                    pharmacy == Model.NOBODY
                            ? story.patient().call(path)
                            : story.patient()
                                    .call(
                                            path,
                                            "{\"name\":\"pharmacy\",\"valueReference\":"
                                                    + "{\"reference\":\"Organization/"
                                                    + organizations.get(pharmacy)
                                                    + "\"}}");
            said("choose " + pharmacy, model.choose(pharmacy, pharmacy == IN_HOUSE), reply);
        }

        private void claim(int pharmacy, Instant now) {
            Reply reply = story.claim(pharmacies.get(pharmacy), rx);
            said("claim by " + pharmacy, model.claim(pharmacy, pharmacy == IN_HOUSE, now), reply);
            if (reply.status() == 200) {
                String token = reply.parameter("claim-token").path("valueString").asText();
                String before = tokens.put(pharmacy, token);
                Integer same = claims.put(pharmacy, model.claims());
                if (same != null && same == model.claims()) {
                    assertThat(token).as(told.toString()).isEqualTo(before);
                }
            }
        }

        private String token(int pharmacy) {
            return string("claim-token", tokens.getOrDefault(pharmacy, "none"));
        }

        private int claimOf(int pharmacy) {
            return claims.getOrDefault(pharmacy, 0);
        }

        private void renew(int pharmacy, Instant now) {
            said(
                    "renew by " + pharmacy,
                    model.renew(pharmacy, claimOf(pharmacy), now),
                    pharmacies.get(pharmacy).call(rx.path() + "/$renew", token(pharmacy)));
        }

        private void release(int pharmacy) {
            said(
                    "release by " + pharmacy,
                    model.release(pharmacy, claimOf(pharmacy)),
                    pharmacies.get(pharmacy).call(rx.path() + "/$release", token(pharmacy)));
        }

        private void dispense(int pharmacy, Instant now) {
            int line = random.nextInt(2);
            int quantity = random.nextInt(3) == 0 ? 1 + random.nextInt(8) : 7;
            boolean keep = random.nextBoolean();
            String one = story.dispense(rx.lines().get(line), line, Integer.toString(quantity));
            Client by = pharmacies.get(pharmacy);
            String token = tokens.getOrDefault(pharmacy, "none");
            Reply reply = story.dispense(by, rx, token, keep, one);
            said(
                    "dispense %d of line %d by %d%s"
                            .formatted(quantity, line, pharmacy, keep ? ", keep" : ""),
                    model.dispense(pharmacy, claimOf(pharmacy), line, quantity, keep, now),
                    reply);
            if (reply.status() == 200) {
                String id = reply.parameter("dispense").at("/resource/id").asText();
                dispenses.add(id);
                Reply again = story.dispense(by, rx, token, keep, one);
                said("the same again", "", again);
                assertThat(again.parameter("dispense").at("/resource/id").asText()).isEqualTo(id);
            }
        }

        private void takeBack(Instant now) {
            if (dispenses.isEmpty()) {
                return;
            }
            int which = random.nextInt(dispenses.size());
            Model.Handed one = model.handed.get(which);
            int quantity = random.nextInt(3) == 0 ? 1 + random.nextInt(8) : one.quantity;
            said(
                    "take back %d of dispense %d".formatted(quantity, which),
                    model.takeBack(which, quantity, now),
                    story.takeBack(
                            pharmacies.get(one.pharmacy),
                            dispenses.get(which),
                            Integer.toString(quantity),
                            "never-left-counter"));
        }

        /// Compares the answer, then what the hospital reads.
        private void said(String what, String expected, Reply reply) {
            told.append("\n  ").append(what).append(" -> ").append(reply.status());
            told.append(' ').append(reply.code());
            boolean done = reply.status() == 200;
            assertThat(done ? "" : reply.code()).as(told.toString()).isEqualTo(expected);
            if (expected.equals("RX-1004")) {
                // Nothing was looked at, so nothing that is due was done either.
                return;
            }
            String state = story.state(rx);
            told.append(", ").append(state);
            assertThat(state).as(told.toString()).isEqualTo(model.state());
            for (int line = 0; line < 2; line++) {
                String read = story.line(rx, line).replace("cancelled ", "stopped ");
                told.append(", ").append(read);
                assertThat(read)
                        .as(told + " (line " + line + ")")
                        .isEqualTo(model.lineStatus(line) + " " + model.open(line));
            }
        }
    }
}
