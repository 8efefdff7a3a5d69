package org.yifang.fhir.rest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.AnswerFormat;
import org.yifang.fhir.rest.Paths.Call;
import org.yifang.fhir.rest.Paths.Interaction;
import org.yifang.fhir.search.PageKeys;
import org.yifang.fhir.search.Query;
import org.yifang.fhir.search.Source;
import org.yifang.platform.Caller;
import org.yifang.platform.Limits;
import org.yifang.platform.Once;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.edge.Body;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.ClientTurns;
import org.yifang.platform.edge.RateLimit;
import org.yifang.platform.edge.Turns;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;

/// Does one call of somebody known, however it came: may they, what, audited.
final class Calls implements AutoCloseable {
    private static final int HEAVY_BYTES = 32 * 1024;

    private final InstantSource clock;
    private final Database database;
    private final FhirRouter.Auditing auditing;
    private final String base;
    private final Paths paths;
    private final RateLimit limit;
    private final Reading reading;
    private final Histories histories;
    private final Capability capability;
    private final Turns heavy;

    Calls(
            Config config,
            InstantSource clock,
            Database database,
            FhirRouter.Auditing auditing,
            byte[] pagingKey,
            String base,
            Paths paths,
            RateLimit limit) {
        this.clock = clock;
        this.database = database;
        this.auditing = auditing;
        this.base = base;
        this.paths = paths;
        this.limit = limit;
        PageKeys keys = new PageKeys(pagingKey);
        this.reading =
                new Reading(
                        base,
                        paths,
                        keys,
                        new ClientTurns(
                                Math.max(1, config.databaseConnections() / 2),
                                Limits.SEARCHES_WAITING_PER_CLIENT,
                                Bound.SEARCHES));
        this.histories = new Histories(base, keys);
        this.heavy =
                new Turns(
                        "fhir",
                        Runtime.getRuntime().availableProcessors(),
                        1,
                        Limits.READING_WAITING,
                        Limits.READING_WAITING_PER_CLIENT,
                        Bound.VALIDATION_QUEUE);
        this.capability = new Capability(config, clock, base, paths);
    }

    /// Does what takes a processor for long outside the threads that serve requests. Of bodies of
    /// the usual size, going elsewhere would take longer than the work.
    <T> T heavy(int bytes, Supplier<T> work) {
        return bytes >= HEAVY_BYTES ? heavy(work) : work.get();
    }

    <T> T heavy(Supplier<T> work) {
        return heavy.take(work).await();
    }

    /// A turn in which nothing is done, to see whether turns come; fails when the queue is full.
    Future<?> idleTurn() {
        try {
            return heavy.take(() -> true);
        } catch (Problem full) {
            return Future.failedFuture(full);
        }
    }

    @Override
    public void close() {
        heavy.close();
    }

    Instant now() {
        return clock.instant();
    }

    Answer metadata() {
        return capability.answer();
    }

    /// Counts a call of a client.
    ///
    /// @throws Problem `RX-1029` when it has had its share
    void count(Caller caller) {
        limit.take(caller.clientId());
    }

    /// A call from inside by somebody known: the same checks, the same audit, the same answer as
    /// over HTTP.
    Inside.Reply ask(Caller caller, Inside.Call asked) {
        try {
            Call call = paths.find(asked.method(), asked.path());
            if (call.operation() != null && call.operation().kind == Operation.Kind.BUNDLE) {
                throw new Problem(
                        ProblemCode.BUNDLE_UNFIT,
                        "A Bundle stands within a Bundle.",
                        "Send it by itself.");
            }
            Body body = asked.body();
            body.await();
            count(caller);
            Once once = once(asked.headers().get("Idempotency-Key"), call, body);
            Exchange exchange =
                    new Exchange(
                            this,
                            HttpMethod.valueOf(asked.method()),
                            asked.headers()::get,
                            query(asked, call, body),
                            once == null ? caller : caller.wanting(once),
                            call,
                            body);
            Done done = done(call, exchange);
            Answer answer = done.answer();
            return Answers.isKnown(asked.method(), asked.headers()::get, answer)
                    ? Inside.reply(answer.withStatus(304).withBody(new Answer.Nothing()), base)
                    : Inside.reply(answer, done.wanted(), base);
        } catch (Throwable failure) {
            return Inside.reply(Outcomes.problem(failure), caller.language());
        }
    }

    private static Query query(Inside.Call asked, Call call, Body body) {
        // No proxy keeps what stands in a body.
        Query query = Query.parse(asked.query(), asked.inUrl());
        return call.interaction() == Interaction.SEARCH && body.bytes().length > 0
                ? query.plus(Query.parse(new String(body.bytes(), StandardCharsets.UTF_8), false))
                : query;
    }

    record Done(Answer answer, AnswerFormat wanted) {}

    Done done(Call call, Exchange exchange) {
        try {
            Problem refusal = Admission.refusal(exchange.caller(), call);
            if (refusal != null) {
                throw refusal;
            }
            AnswerFormat wanted = wanted(call, exchange);
            exchange.ifNoneExist();
            requireVersion(call, exchange);
            Answer answer = told(call, exchange, answer(call, exchange));
            recorded(call, exchange, answer);
            return new Done(answer, wanted);
        } catch (Throwable failure) {
            if (Outcomes.isGone(failure)) {
                throw failure;
            }
            Problem told = Outcomes.problem(failure);
            if (!exchange.isAudited() || !(failure instanceof Problem)) {
                refused(call, exchange, told);
            }
            throw told;
        }
    }

    /// Does what changes something, and writes down in its transaction that it was done.
    Answer recorded(Call call, Exchange exchange, Supplier<Answer> work) {
        return database.together(() -> {
            Answer answer = work.get();
            Problem refused = answer.body() instanceof Answer.Refused(var why) ? why : null;
            Access access =
                    Accesses.of(
                            call,
                            exchange,
                            refused == null ? null : refused.code(),
                            answer.patients(),
                            answer.tasks());
            database.inTransaction(tx -> auditing.append(tx, access));
            return answer;
        });
    }

    /// Writes down what was done, unless it is written with what was changed.
    void recorded(Call call, Exchange exchange, Answer answer) {
        assert exchange.isAudited() || !isToRecordItself(call, exchange)
                : Accesses.label(call) + " has changed something without its record";
        if (!exchange.isAudited() && call.interaction() != Interaction.METADATA) {
            auditing.record(Accesses.of(call, exchange, null, answer.patients(), answer.tasks()));
        }
    }

    /// Whether a call changes something; one that reads does, too, where it deletes.
    private static boolean isToRecordItself(Call call, Exchange exchange) {
        Operation operation = call.operation();
        return operation != null
                && (operation.affectsState() || exchange.isDelete())
                && !operation.isRepeatable();
    }

    /// What was done within a transaction, as its caller wants to hear it.
    Inside.Reply reply(Call call, Exchange exchange, Answer answer) {
        return Inside.reply(told(call, exchange, answer), base);
    }

    /// An answer as this caller wants to hear it.
    private Answer told(Call call, Exchange exchange, Answer answer) {
        if (call.isBinary()) {
            return Binaries.shown(exchange, answer);
        }
        return Preference.applied(call, exchange, located(answer));
    }

    /// Names the version in `Location` where it can be read there.
    private Answer located(Answer answer) {
        String where = answer.location();
        int slash = where == null ? -1 : where.indexOf('/');
        if (where == null || slash < 0 || answer.version() == null) {
            return answer;
        }
        Source source = paths.source(where.substring(0, slash));
        return source != null && source.hasHistory()
                ? answer.withLocation(where + "/_history/" + answer.version())
                : answer;
    }

    /// Has an operation done on the version that the caller names, and on no other. A desk that
    /// locks what it changes compares by itself, in its transaction.
    private void requireVersion(Call call, Exchange exchange) {
        Operation operation = call.operation();
        if (operation == null
                || operation.kind != Operation.Kind.OPERATION
                || !operation.affectsState()) {
            return;
        }
        Long wanted = exchange.ifMatch();
        if (wanted == null) {
            return;
        }
        exchange.expect(wanted);
        Source source = call.type() == null ? null : call.type().source;
        if (operation.isExpecting() || source == null || call.id() == null) {
            return;
        }
        Source.Found found = source.read(call.id(), exchange.caller(), now());
        if (found != null && found.version() != wanted) {
            throw new Problem(
                    ProblemCode.VERSION_MISMATCH,
                    "It is at version `" + found.version() + "`.",
                    "Read it again and decide on that.");
        }
    }

    static @Nullable Once once(@Nullable String key, Call call, Body body) {
        Operation operation = call.operation();
        if (key == null || operation == null || !operation.isKeyed()) {
            return null;
        }
        String on = call.type() == null ? "" : " " + call.type().name;
        return Once.of(
                operation.name + on + (call.id() == null ? "" : "/" + call.id()),
                key,
                body.bytes());
    }

    private static AnswerFormat wanted(Call call, Exchange exchange) {
        boolean own =
                call.isBinary()
                        || (call.operation() != null && !call.operation().produces().isEmpty());
        return own
                ? Negotiation.wantedForError(exchange.header("Accept"), exchange.query())
                : Negotiation.wanted(exchange.header("Accept"), exchange.query());
    }

    Answer answer(Call call, Exchange exchange) {
        return switch (call.interaction()) {
            case METADATA -> metadata();
            case READ -> reading.read(call, exchange);
            case VREAD -> reading.version(call, exchange);
            case HISTORY -> histories.history(call, exchange);
            case SEARCH -> reading.search(call, exchange);
            case OPERATION -> {
                Operation operation = Objects.requireNonNull(call.operation());
                Admission.checkMediaType(operation, exchange);
                yield operation.handler().handle(exchange);
            }
        };
    }

    /// Writes down that a call was refused.
    void refused(Call call, Exchange exchange, Problem told) {
        switch (told.code()) {
            // Nobody was refused anything, and there is nothing to write it into.
            case DATABASE_AWAY, BUSY -> {}
            default -> {
                List<UUID> patients = List.of();
                List<UUID> tasks = List.of();
                if (call.id() != null && call.type() != null && call.type().source != null) {
                    Source.Concerned hidden = call.type().source.hidden(call.id());
                    patients = hidden.patients();
                    tasks = hidden.tasks();
                }
                auditing.record(Accesses.of(call, exchange, told.code(), patients, tasks));
            }
        }
    }
}
