package org.yifang.audit.log;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.platform.data.Database;
import org.yifang.platform.edge.Body;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

/// Publishes the log for everyone: checkpoint, tiles, entries, key, and the history of checkpoints
/// (C2SP tlog-tiles under `/audit`).
public final class LogRoutes {
    private static final String FOREVER = "public, max-age=31536000, immutable";
    private static final int HISTORY_PAGE = 10_000;

    private final Database database;
    private final Sequencer sequencer;
    private final Witnesses witnesses;
    private final Published published;

    public LogRoutes(Database database, Sequencer sequencer, Witnesses witnesses) {
        this.database = database;
        this.sequencer = sequencer;
        this.witnesses = witnesses;
        this.published = new Published(database, witnesses);
    }

    public void mount(Router router) {
        published(router, "/audit/checkpoint", this::checkpoint);
        published(router, "/audit/checkpoints", this::history);
        published(router, "/audit/origins", this::origins);
        published(router, "/audit/vkey", this::vkey);
        published(router, "/audit/tile/*", this::tile);
        router.post("/audit/cosignatures").handler(this::cosignatures);
    }

    /// Mirrors and caches ask with HEAD whether there is a tile; what is sent to them has no body.
    private static void published(Router router, String path, Handler<RoutingContext> handler) {
        router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(handler);
    }

    private void checkpoint(RoutingContext http) {
        String refusal = sequencer.refusal();
        if (refusal != null) {
            // A checkpoint of a state that was set back would be taken for the log.
            throw new Problem(ProblemCode.BUSY, "The audit log is refused: " + refusal);
        }
        text(http.response(), "no-cache", witnesses.newest(database::run).format());
    }

    private void vkey(RoutingContext http) {
        text(http.response(), "no-cache", sequencer.vkey() + "\n");
    }

    private static void text(HttpServerResponse response, String caching, String text) {
        response.putHeader("Content-Type", "text/plain; charset=utf-8")
                .putHeader("Cache-Control", caching)
                .end(text);
    }

    private void tile(RoutingContext http) {
        byte[] content = published.read(http.request().path().substring("/audit/".length()));
        if (content == null) {
            throw new Problem(
                    ProblemCode.NOT_FOUND,
                    "The log has no such tile.",
                    "Ask for tiles of the tree of a checkpoint, by C2SP tlog-tiles.");
        }
        http.response()
                .putHeader("Content-Type", "application/octet-stream")
                .putHeader("Cache-Control", FOREVER)
                // It may be compressed: a cache must not hand that to who cannot read it.
                .putHeader("Vary", "Accept-Encoding")
                .end(Buffer.buffer(content));
    }

    /// Checkpoints after a size as NDJSON, oldest first, for auditors to take away.
    private void history(RoutingContext http) {
        String after = http.request().getParam("after", "-1");
        if (!after.matches("-?\\d{1,18}")) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The parameter `after` is `" + after + "`.",
                    "It is the size of the last checkpoint that you have.");
        }
        StringBuilder lines = new StringBuilder();
        long size = Long.parseLong(after);
        for (LogStore.Head head : LogStore.heads(database::run, size, HISTORY_PAGE)) {
            lines.append(
                            new JsonObject()
                                    .put("size", head.size())
                                    .put("signed", head.signed().toString())
                                    .put("note", head.note())
                                    .encode())
                    .append('\n');
        }
        ndjson(http, lines.toString());
    }

    /// Every name that the log has had, oldest first.
    private void origins(RoutingContext http) {
        StringBuilder lines = new StringBuilder();
        for (OriginStore.PublishedOrigin origin : OriginStore.all(database::run, HISTORY_PAGE)) {
            lines.append(
                            new JsonObject()
                                    .put("origin", origin.name())
                                    .put("vkey", sequencer.vkey(origin.name()))
                                    .put("started", origin.started().toString())
                                    .put("fromSize", origin.fromSize())
                                    .put("predecessor", origin.predecessor())
                                    .put("predecessorCheckpoint", origin.predecessorNote())
                                    .put("reason", origin.reason())
                                    .encode())
                    .append('\n');
        }
        ndjson(http, lines.toString());
    }

    private static void ndjson(RoutingContext http, String lines) {
        http.response()
                .putHeader("Content-Type", "application/x-ndjson; charset=utf-8")
                .putHeader("Cache-Control", "no-cache")
                .end(lines);
    }

    /// Takes signature lines of witnesses on one of our checkpoints: the note that was signed, with
    /// the witness's line under it.
    private void cosignatures(RoutingContext http) {
        Body body = Body.collect(http, SignedNote.BYTES_MAX);
        body.await();
        try {
            witnesses.accept(database, SignedNote.parse(body.bytes()));
            http.response().setStatusCode(204).end();
        } catch (IllegalArgumentException wrong) {
            throw new Problem(ProblemCode.UNREADABLE, String.valueOf(wrong.getMessage()));
        }
    }
}
