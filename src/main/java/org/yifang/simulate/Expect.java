package org.yifang.simulate;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// Holds every answer against the contract.
///
/// @param subject the prescription's number, for the list of the unexpected
record Expect(Tally tally, String subject) {
    /// The answer, when it has one of these statuses.
    ///
    /// @throws Derailed otherwise
    Answer status(String operation, Answer answer, Integer... statuses) {
        if (!Arrays.asList(statuses).contains(answer.status())) {
            tally.unexpected(operation, subject, Arrays.toString(statuses), answer);
            throw new Derailed(operation);
        }
        return answer;
    }

    /// Counts a refusal that was provoked; any other answer is unexpected.
    ///
    /// @param problem the code that the contract fixes, or empty where it fixes none
    void refusal(String operation, Answer answer, int status, String problem) {
        boolean asExpected =
                answer.status() == status
                        && (problem.isEmpty() || problem.equals(answer.problem()));
        if (!asExpected) {
            tally.unexpected(operation, subject, status + " " + problem, answer);
            throw new Derailed(operation);
        }
        tally.refusedOnPurpose(operation, status + " " + answer.problem());
    }

    /// Two things that must be the same.
    void same(String operation, Object expected, Object found) {
        if (!expected.equals(found)) {
            tally.unexpected(operation, subject, expected.toString(), found.toString());
            throw new Derailed(operation);
        }
    }

    /// Makes calls at the same moment and waits for all answers.
    static List<Answer> together(List<Supplier<Answer>> calls) {
        List<CompletableFuture<Answer>> running =
                calls.stream()
                        .map(call ->
                                CompletableFuture.supplyAsync(
                                        call, task -> Thread.ofVirtual().start(task)))
                        .toList();
        try {
            return running.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof Remote.Away away ? away : failed;
        }
    }
}
