package org.yifang.fhir;

import org.yifang.fhir.Paths.Call;

import java.util.Objects;

/// Answers read, vread, history and search from the sources behind them.
final class Reading {
    Answer read(Call call, Exchange exchange) {
        Source source = Objects.requireNonNull(call.type()).source();
        Source.Found found =
                source.read(Objects.requireNonNull(call.id()), exchange.caller(), exchange.now());
        return answer(found);
    }

    private static Answer answer(Source.@org.jspecify.annotations.Nullable Found found) {
        if (found == null) {
            throw Outcomes.notFound();
        }
        return Answer.ok(found.json())
                .withVersion(found.version(), found.lastUpdated())
                .touching(found.patients(), found.tasks());
    }

    Answer version(Call call, Exchange exchange) {
        throw Outcomes.notFound();
    }

    Answer history(Call call, Exchange exchange) {
        throw Outcomes.notFound();
    }

    Answer search(Call call, Exchange exchange) {
        throw Outcomes.notFound();
    }
}
