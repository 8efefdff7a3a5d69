package org.yifang.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/// The queue systems of the hospitals: each keeps what happens at its windows until there is enough
/// for one upload, as a number machine does, and tells the rest when the day is over.
final class Windows {
    /// What the windows are for, in the order in which a visit passes them.
    enum Stage {
        REGISTRATION("registration", 3),
        CONSULTATION("consultation", 6),
        PAYMENT("payment", 2);

        private final String code;
        private final int windows;

        Stage(String code, int windows) {
            this.code = code;
            this.windows = windows;
        }

        /// The window that a visit is sent to: the same whenever the day is the same.
        String windowOf(Visit visit) {
            return code + "-" + (1 + visit.index() % windows);
        }
    }

    /// Sends one upload.
    @FunctionalInterface
    interface Sender {
        Answer send(Tokens.Sender who, JsonObject upload);
    }

    /// A few minutes of one hospital's windows; far below what one call may carry.
    static final int EVENTS_PER_UPLOAD = 100;

    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    private final Sender sender;
    private final Tally tally;
    private final String run;
    private final Map<County.Client, List<JsonObject>> untold = new ConcurrentHashMap<>();
    private final Map<County.Client, Uploads> uploads = new ConcurrentHashMap<>();

    /// What one hospital has to send, first come first: an upload that overtakes another tells of
    /// somebody who is called before he came.
    private final class Uploads {
        private final Queue<List<JsonObject>> waiting = new ConcurrentLinkedQueue<>();
        private final ReentrantLock turn = new ReentrantLock(true);

        void send(County.Client hospital) {
            turn.lock();
            try {
                for (var events = waiting.poll(); events != null; events = waiting.poll()) {
                    upload(hospital, events);
                }
            } finally {
                turn.unlock();
            }
        }
    }

    /// @param run stands in every ticket of this run, so that two runs of a day are two days
    Windows(Sender sender, Tally tally, String run) {
        this.sender = sender;
        this.tally = tally;
        this.run = run;
    }

    /// A patient takes a number at a window.
    ///
    /// @param number the hospital's number of this visit
    /// @param task the prescription waited for, or empty
    Turn joins(Stage stage, Visit visit, String number, String task) {
        Turn turn = new Turn(stage, visit, number, task, LocalDate.now(SHANGHAI));
        turn.tell("joined");
        return turn;
    }

    /// One patient's turn at one window.
    final class Turn {
        private final Stage stage;
        private final Visit visit;
        private final String number;
        private final String task;
        private final LocalDate day;
        private int told;

        private Turn(Stage stage, Visit visit, String number, String task, LocalDate day) {
            this.stage = stage;
            this.visit = visit;
            this.number = number;
            this.task = task;
            this.day = day;
        }

        /// Called, and served from now on.
        void isCalled() {
            tell("called");
            tell("service-start");
        }

        void isServed() {
            tell("service-end");
        }

        void leaves() {
            tell("left");
        }

        private void tell(String code) {
            told++;
            JsonArray parts =
                    JsonArray.of(
                            Json.parameter("ticket", "valueString", run + visit.index()),
                            Json.parameter("queue", "valueString", stage.windowOf(visit)),
                            Json.parameter("seq", "valueInteger", told),
                            Json.parameter("stage", "valueCode", stage.code),
                            Json.parameter("code", "valueCode", code),
                            Json.parameter("at", "valueInstant", stamp()),
                            // A turn that goes on after midnight is still of its day.
                            Json.parameter("day", "valueDate", day.toString()),
                            Json.parameter(
                                    "department", "valueString", visit.complaint().department()),
                            Json.parameter("visit", "valueString", number));
            if (!task.isEmpty()) {
                parts.add(
                        Json.parameter(
                                "prescription", "valueReference", Json.reference("Task/" + task)));
            }
            add(
                    visit.hospital().client(),
                    new JsonObject().put("name", "event").put("part", parts));
        }
    }

    /// Tells whatever is still untold.
    void close() {
        untold.forEach((hospital, _) -> {
            untold.computeIfPresent(
                    hospital,
                    (_, events) -> {
                        if (!events.isEmpty()) {
                            of(hospital).waiting.add(events);
                        }
                        return new ArrayList<>();
                    });
            of(hospital).send(hospital);
        });
    }

    private Uploads of(County.Client hospital) {
        return uploads.computeIfAbsent(hospital, _ -> new Uploads());
    }

    private void add(County.Client hospital, JsonObject event) {
        List<JsonObject> left =
                untold.compute(
                        hospital,
                        (_, before) -> {
                            List<JsonObject> events = before == null ? new ArrayList<>() : before;
                            events.add(event);
                            if (events.size() < EVENTS_PER_UPLOAD) {
                                return events;
                            }
                            of(hospital).waiting.add(events);
                            return new ArrayList<>();
                        });
        if (left.isEmpty()) {
            of(hospital).send(hospital);
        }
    }

    private void upload(County.Client hospital, List<JsonObject> events) {
        JsonArray parameters = JsonArray.of(Json.parameter("sent-at", "valueInstant", stamp()));
        events.forEach(parameters::add);
        JsonObject body =
                new JsonObject().put("resourceType", "Parameters").put("parameter", parameters);
        Answer answer;
        try {
            answer = sender.send(new Tokens.Sender(hospital, hospital.staff().getFirst()), body);
        } catch (Remote.Away away) {
            tally.unexpected(
                    "queue-events", hospital.id(), "an answer", String.valueOf(away.getMessage()));
            return;
        }
        if (answer.status() != 200) {
            tally.unexpected("queue-events", hospital.id(), "200", answer);
            return;
        }
        List<JsonObject> results = Json.named(answer.body(), "result").toList();
        if (results.size() != events.size()) {
            tally.unexpected(
                    "queue-events",
                    hospital.id(),
                    events.size() + " results",
                    String.valueOf(results.size()));
        }
        results.forEach(result -> check(hospital, result));
        tally.queueEvents(events.size());
    }

    private void check(County.Client hospital, JsonObject result) {
        String outcome = part(result, "outcome", "valueCode");
        // Repeated: the first answer was lost on the way, and the call repeated.
        if (!outcome.equals("accepted") && !outcome.equals("repeated")) {
            tally.unexpected(
                    "queue-events",
                    hospital.id() + " " + part(result, "ticket", "valueString"),
                    "accepted",
                    outcome + " " + part(result, "issue", "valueString"));
        }
    }

    private static String part(JsonObject result, String name, String type) {
        return Json.each(result, "part")
                .filter(one -> name.equals(one.getString("name")))
                .map(one -> one.getString(type, ""))
                .findFirst()
                .orElse("");
    }

    private static String stamp() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
