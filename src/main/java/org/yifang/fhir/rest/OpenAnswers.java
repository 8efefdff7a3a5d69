package org.yifang.fhir.rest;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

import org.yifang.fhir.AnswerFormat;
import org.yifang.fhir.Bodies;
import org.yifang.fhir.rest.Paths.Call;
import org.yifang.fhir.rest.Paths.Interaction;
import org.yifang.fhir.search.Query;
import org.yifang.platform.Caller;
import org.yifang.platform.Limits;
import org.yifang.platform.Role;
import org.yifang.platform.edge.Body;
import org.yifang.platform.edge.Calling;
import org.yifang.platform.edge.Edge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Tells everybody what this project defines, as `/metadata` does: without a token, and so that
/// nobody without one makes the service work hard.
///
/// Pages are small; what was written once is kept, since it never changes; what has to be written
/// anew waits for the turn of all who have no token; and an address has its share of requests like
/// everywhere ([Edge]).
final class OpenAnswers {
    /// No client is called so: what has no token shares the turns of one.
    private static final String NOBODY = "*";

    /// One answer, with its body as it is wanted.
    record Written(Answer answer, AnswerFormat wanted) {
        int bytes() {
            return answer.body() instanceof Answer.Json json ? json.bytes().length : 0;
        }
    }

    private final Calls calls;

    private final Map<String, Written> kept = new ConcurrentHashMap<>();
    private final AtomicLong keptBytes = new AtomicLong();

    OpenAnswers(Calls calls) {
        this.calls = calls;
    }

    Written answer(RoutingContext http, Call call) {
        HttpServerRequest request = http.request();
        Query query = Query.parse(request.query(), true);
        Exchange.Head head = Answers.head(request);
        AnswerFormat wanted = Negotiation.wanted(head.get("Accept"), query);
        Caller nobody =
                new Caller(
                        NOBODY,
                        Role.PATIENT,
                        new UUID(0, 0),
                        "",
                        List.of(),
                        List.of(),
                        null,
                        Caller.Person.UNNAMED,
                        Edge.address(http),
                        RequestId.of(http),
                        Negotiation.language(head.get("Accept-Language")));
        String key =
                request.path()
                        + '?'
                        + query.encoded()
                        + ' '
                        + wanted
                        + ' '
                        + nobody.language()
                        + ' '
                        + head.get("Prefer");
        Written known = kept.get(key);
        if (known != null) {
            return known;
        }
        Query bounded = call.interaction() == Interaction.SEARCH ? bounded(query) : query;
        Exchange exchange =
                new Exchange(calls, request.method(), head, bounded, nobody, call, Body.NONE);
        Answer answer =
                calls.answer(call, exchange)
                        .withHeader("Cache-Control", "public, max-age=" + Limits.OPEN_SECONDS);
        if (answer.body() instanceof Answer.Json json && !wanted.asStored()) {
            byte[] bytes =
                    new Calling(NOBODY, http.response()::closed)
                            .during(() -> calls.heavy(() -> Bodies.rewrite(json.bytes(), wanted)));
            answer = answer.withBody(new Answer.Json(bytes));
        }
        Written written = new Written(answer, wanted);
        keep(key, written);
        return written;
    }

    /// Begins anew when it holds much: whoever asks for the same then has it written once more.
    private void keep(String key, Written written) {
        long bytes = key.length() + 1L + written.bytes();
        if (keptBytes.addAndGet(bytes) > Limits.OPEN_BYTES) {
            kept.clear();
            keptBytes.set(0);
        } else if (kept.putIfAbsent(key, written) != null) {
            keptBytes.addAndGet(-bytes);
        }
    }

    /// A page is no larger than everybody may have.
    private static Query bounded(Query query) {
        List<Query.Pair> pairs = new ArrayList<>();
        int most = Limits.OPEN_PAGE;
        for (Query.Pair pair : query.pairs()) {
            if (pair.name().equals("_count") && pair.value().matches("\\d{1,9}")) {
                most = Math.min(most, Integer.parseInt(pair.value()));
            } else {
                pairs.add(pair);
            }
        }
        pairs.add(new Query.Pair("_count", String.valueOf(most), true));
        return new Query(pairs);
    }
}
