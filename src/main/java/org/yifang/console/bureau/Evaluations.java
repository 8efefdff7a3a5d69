package org.yifang.console.bureau;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.core.Future;

import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Trouble;
import org.yifang.platform.Caller;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Asks questions of Measures beside the page: a page is there at once and is told how far its
/// answer has come. What a person was answered is kept for that person for some minutes.
final class Evaluations {
    /// How long an answer is shown again without being asked anew.
    private static final Duration KEPT = Duration.ofMinutes(10);

    /// Answers kept at once, some 300 kB each: a bureau's people with a handful of questions.
    private static final int KEPT_MOST = 60;

    private static final int LOOK_MILLIS = 150;

    /// How a question stands.
    sealed interface State {
        /// @param at when it was answered
        record Done(JsonNode report, Instant at) implements State {}

        /// @param progress in the service's own words, empty when it tells none
        record Running(String progress, Instant since) implements State {}

        record Refused(int status, List<Trouble> troubles) implements State {}
    }

    private record Asked(Instant since, CompletableFuture<Contract.Reply> answer) {}

    private final Contract contract;
    private final InstantSource clock;
    private final Map<String, Asked> asked = new ConcurrentHashMap<>();

    Evaluations(Contract contract, InstantSource clock) {
        this.contract = contract;
        this.clock = clock;
    }

    private static String key(Caller caller, Question question) {
        return caller.clientId() + " " + question.path();
    }

    /// Forgets what was answered, so that [#ask] asks anew.
    void forget(Caller caller, Question question) {
        asked.computeIfPresent(
                key(caller, question), (_, known) -> known.answer().isDone() ? null : known);
    }

    /// Asks unless it was asked, and waits a little. Runs on a virtual thread.
    State ask(Caller caller, Question question, Duration patience) {
        Instant now = clock.instant();
        asked.values().removeIf(one -> one.since().plus(KEPT).isBefore(now));
        if (asked.size() > KEPT_MOST) {
            asked.values().removeIf(one -> one.answer().isDone());
        }
        Asked one =
                asked.computeIfAbsent(
                        key(caller, question),
                        _ ->
                                new Asked(
                                        now,
                                        CompletableFuture.supplyAsync(
                                                () -> begin(caller, question),
                                                Thread::startVirtualThread)));
        Contract.Reply begun = within(one.answer(), patience);
        if (begun == null) {
            return new State.Running("", one.since());
        }
        if (begun.status() != 202) {
            return state(caller, question, one, begun);
        }
        return later(caller, question, one, begun, now.plus(patience));
    }

    /// Queues are evaluated by the service in the background; prices answer within some seconds.
    private Contract.Reply begin(Caller caller, Question question) {
        return question.measure().equals(Question.QUEUES)
                ? contract.send(
                        caller,
                        "GET",
                        question.path(),
                        new byte[0],
                        Map.of("Prefer", "respond-async"))
                : contract.attempt(caller, question.path());
    }

    private State later(
            Caller caller, Question question, Asked one, Contract.Reply begun, Instant until) {
        String location = begun.header("Content-Location");
        String path = location.substring(location.indexOf("/Measure/"));
        Contract.Reply now = contract.attempt(caller, path);
        while (now.status() == 202 && clock.instant().isBefore(until)) {
            within(new CompletableFuture<>(), Duration.ofMillis(LOOK_MILLIS));
            now = contract.attempt(caller, path);
        }
        if (now.status() == 202) {
            return new State.Running(now.header("X-Progress"), one.since());
        }
        asked.put(
                key(caller, question),
                new Asked(one.since(), CompletableFuture.completedFuture(now)));
        return state(caller, question, one, now);
    }

    private State state(Caller caller, Question question, Asked one, Contract.Reply reply) {
        if (reply.isDone()) {
            return new State.Done(reply.json(), one.since());
        }
        asked.remove(key(caller, question));
        return new State.Refused(reply.status(), reply.troubles());
    }

    /// Null when it is not there in time.
    private static <T extends @org.jspecify.annotations.Nullable Object> T within(
            CompletableFuture<T> answer, Duration patience) {
        return Future.fromCompletionStage(
                        answer.copy()
                                .completeOnTimeout(
                                        null, patience.toMillis(), TimeUnit.MILLISECONDS))
                .await();
    }
}
