package org.yifang.platform.edge;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.transport.Transport;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.Limits;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/// Admits callers before anything is done for them: connections, heads, bodies and rates.
///
/// [#guard] each server, and [#mount] first on its router.
public final class Edge {
    private static final String ADDRESS = Edge.class.getName() + ".address";
    private static final String EDGE = Edge.class.getName();
    private static final String BODY = Body.class.getName();
    private static final String OVER = EDGE + ".over";
    private static final String PROVEN = EDGE + ".proven";

    private final Bounds bounds;
    private final Proxies proxies;
    private final boolean https;
    private final HttpServerOptions options;
    private final Connections connections;
    private final Shares openBodies;
    private final RateLimit addresses;
    private final AtomicLong bodiesBytes = new AtomicLong();
    private final Reader.Owed owed;

    public Edge(Bounds bounds, Proxies proxies, URI publicUrl, HttpServerOptions options) {
        this.bounds = bounds;
        this.proxies = proxies;
        this.https = "https".equals(publicUrl.getScheme());
        this.options = options;
        this.connections = new Connections(bounds, proxies, options);
        this.openBodies = new Shares(bounds.openBodies(), bounds.openBodiesPerAddress());
        this.owed = new Reader.Owed(bounds.answersBytes());
        this.addresses =
                new RateLimit(
                        "address",
                        Bound.ADDRESS_RATE,
                        bounds.perSecond(),
                        bounds.burst(),
                        Limits.ADDRESSES_REMEMBERED,
                        System::nanoTime);
    }

    /// What a server needs to be: bounded heads, gzip for answers. What is sent to it compressed is
    /// inflated by [Body], which counts.
    public static HttpServerOptions options() {
        return new HttpServerOptions()
                .setCompressionSupported(true)
                .setCompressionLevel(1)
                .setCompressionContentSizeThreshold(1024)
                .setDecompressionSupported(false)
                .setHandle100ContinueAutomatically(false)
                .setHttp2ClearTextEnabled(false)
                .setMaxInitialLineLength(Limits.URL_BYTES)
                .setMaxHeaderSize(Limits.HEADERS_BYTES)
                .setInitialSettings(
                        new Http2Settings()
                                .setMaxConcurrentStreams(Limits.HTTP2_STREAMS)
                                .setMaxHeaderListSize(Limits.HEADERS_BYTES))
                .setHttp2RstFloodMaxRstFramePerWindow(Limits.HTTP2_RESETS)
                .setHttp2RstFloodWindowDuration((int) Limits.HTTP2_RESETS_WITHIN.toSeconds())
                .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
                .setIdleTimeout((int) Limits.IDLE_CONNECTION.toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
    }

    /// One with the usual bounds and no proxy.
    public static Edge standard() {
        return new Edge(Bounds.STANDARD, Proxies.NONE, URI.create("http://localhost"), options());
    }

    /// What the servers of this edge run on, so that a connection counts from its first packet.
    public Transport transport() {
        return connections;
    }

    /// Shows how much is under way.
    public void bindTo(MeterRegistry metrics) {
        Gauge.builder("yifang.connections", connections, Connections::taken).register(metrics);
        Gauge.builder("yifang.bodies.open", openBodies, Shares::taken).register(metrics);
        Gauge.builder("yifang.bodies.bytes", bodiesBytes, AtomicLong::get).register(metrics);
        Gauge.builder("yifang.answers.bytes", owed, Reader.Owed::bytes)
                .description("Bytes of answers that their callers have not taken yet")
                .register(metrics);
    }

    /// Watches over the connections of a server.
    ///
    /// @param refuse answers a request whose head cannot be taken
    public HttpServer guard(HttpServer server, BiConsumer<HttpServerRequest, Problem> refuse) {
        return server.connectionHandler(this::opened)
                .invalidRequestHandler(invalid -> {
                    Bound.FRAMING.reached();
                    headers(invalid);
                    invalid.response().putHeader("Connection", "close");
                    refuse.accept(invalid, BadHead.problem(invalid.decoderResult().cause()));
                });
    }

    /// Whether a failure says that the caller has gone: its connection is closed, or it has taken
    /// back its stream, or broken the rules of HTTP/2, which end either.
    public static boolean isGone(Throwable failure) {
        return failure instanceof HttpClosedException
                || failure instanceof StreamResetException
                || failure instanceof Http2Exception;
    }

    /// Ends every connection there still is: who does not read its answer would be waited for.
    public void end() {
        owed.end();
    }

    /// Runs on the event loop while the connection is made, before anything of it is read.
    private void opened(HttpConnection connection) {
        ChannelHandlerContext channel = ((ConnectionBase) connection).channelHandlerContext();
        if (!connections.keep(channel.channel())) {
            var _ = channel.channel().close();
            return;
        }
        channel.pipeline().addFirst(new Reader(bounds, owed, channel));
        if (channel.handler() instanceof Http2ConnectionHandler http2) {
            FrameWatch.over(http2);
        }
        if (channel.pipeline().get("httpDecoder") != null
                && channel.pipeline().get(StrictDecoder.class) == null) {
            channel.pipeline()
                    .replace(
                            "httpDecoder",
                            "httpDecoder",
                            new StrictDecoder(options, bounds.head()));
        }
    }

    /// Comes before every route.
    public void mount(Router router) {
        router.route().handler(this::admit);
    }

    private void admit(RoutingContext http) {
        HttpServerRequest request = http.request();
        headers(request);
        Reader reader = requireTaken(request);
        if (request.version() == HttpVersion.HTTP_2) {
            BadHead.requireShort(request);
            Reader.follow(http, reader);
        }
        String address = proxies.address(request);
        http.put(EDGE, this).put(ADDRESS, address);
        if (hasBody(request)) {
            // Nothing of it is taken before somebody wants it.
            request.pause();
            http.addHeadersEndHandler(begun -> Leftover.announce(http));
            http.addEndHandler(over -> Leftover.of(http, http.get(BODY), bounds));
        }
        String authorization = request.getHeader("Authorization");
        if ((authorization == null || !authorization.startsWith("Bearer "))
                && !proxies.isTrusted(address)) {
            share(http, address);
        }
        http.next();
    }

    /// Counts a request of its address; one that may still prove itself is let through to do so.
    private void share(RoutingContext http, String address) {
        try {
            addresses.take(address);
        } catch (Problem over) {
            if (!Provable.is(http.request())) {
                throw over;
            }
            http.put(OVER, over);
        }
    }

    /// What a request has to be refused with unless it proves itself.
    ///
    /// @throws Problem `RX-1029` when its address has had its share
    public static void requireShare(RoutingContext http) {
        Problem over = http.get(OVER);
        if (over != null) {
            throw over;
        }
    }

    /// Notes that a request has proven whose it is: no share of its address counts for its body.
    public static void proven(RoutingContext http) {
        http.put(PROVEN, true);
    }

    /// Nothing more is given to who leaves lying what it has.
    ///
    /// @return who watches what it takes
    private @Nullable Reader requireTaken(HttpServerRequest request) {
        ConnectionBase connection = (ConnectionBase) request.connection();
        ChannelPipeline pipeline = connection.channelHandlerContext().pipeline();
        StrictDecoder decoder = pipeline.get(StrictDecoder.class);
        if (decoder != null) {
            decoder.turnCame();
        }
        Reader reader = pipeline.get(Reader.class);
        if (reader != null && reader.owed() > bounds.answersBytesEach()) {
            reader.cutOff();
            throw new HttpClosedException("it reads nothing");
        }
        // Whoever asks for many things at once over HTTP/2 may read them, and is only not given
        // more. Where there is no room left, who has taken all that was sent is answered still: the
        // callers who leave it lying must not shut out the others.
        if (reader != null
                && (reader.unread() > bounds.answersBytesEach()
                        || owed.isMuch() && reader.held() > 0)) {
            Bound.ANSWERS_BYTES.reached();
            throw Problem.busy("Too many answers are waiting to be read.");
        }
        return reader;
    }

    private void headers(HttpServerRequest request) {
        var response = request.response();
        response.putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        if (https) {
            response.putHeader("Strict-Transport-Security", "max-age=31536000");
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        return !request.isEnded()
                && (request.version() == HttpVersion.HTTP_2
                        || request.getHeader("Content-Length") != null
                        || request.getHeader("Transfer-Encoding") != null);
    }

    /// The network address of the caller, told by a trusted proxy or by the connection.
    public static String address(RoutingContext http) {
        String known = http.get(ADDRESS);
        return known == null ? Proxies.NONE.address(http.request()) : known;
    }

    /// Counts a request whose token is none, like one without.
    ///
    /// @throws Problem `RX-1029` when the address has had its share
    public static void refused(RoutingContext http) {
        Edge edge = http.get(EDGE);
        if (edge != null) {
            edge.addresses.take(address(http));
        }
    }

    /// Notes who calls, for what is allowed to somebody known.
    public static void known(RoutingContext http, Caller caller) {
        http.put(Caller.class.getName(), caller);
    }

    /// The bounds under which a request is served.
    static Bounds boundsOf(RoutingContext http) {
        Edge edge = http.get(EDGE);
        return edge == null ? Bounds.STANDARD : edge.bounds;
    }

    /// Takes note of the body of a request, and of one more whose sender is not known.
    ///
    /// @throws Problem `RX-1029` or `RX-9004` when too many are under way already
    static @Nullable Runnable admitBody(RoutingContext http, Body body) {
        Edge edge = http.get(EDGE);
        http.put(BODY, body);
        if (edge == null || http.get(PROVEN) != null || http.get(Caller.class.getName()) != null) {
            return null;
        }
        String address = address(http);
        return switch (edge.openBodies.take(address)) {
            case TAKEN -> () -> edge.openBodies.giveBack(address);
            case ALL_TAKEN -> throw busy("Too many bodies are under way.");
            case SHARE_TAKEN -> {
                Bound.OPEN_BODIES.reached();
                throw new Problem(
                        List.of(
                                new Problem.Finding(
                                        ProblemCode.TOO_MANY_REQUESTS,
                                        "This address has too many bodies under way.",
                                        "Finish what you send before you send more.")),
                        Map.of("Retry-After", "1"));
            }
        };
    }

    private static Problem busy(String detail) {
        Bound.OPEN_BODIES.reached();
        return Problem.busy(detail);
    }

    /// Books bytes of a body that are held in memory; false when there is no room for them.
    static boolean hold(RoutingContext http, int bytes) {
        Edge edge = http.get(EDGE);
        if (edge == null) {
            return true;
        }
        if (edge.bodiesBytes.addAndGet(bytes) <= edge.bounds.bodiesBytes()) {
            return true;
        }
        edge.bodiesBytes.addAndGet(-bytes);
        Bound.BODIES_BYTES.reached();
        return false;
    }

    static void letGo(RoutingContext http, int bytes) {
        Edge edge = http.get(EDGE);
        if (edge != null) {
            edge.bodiesBytes.addAndGet(-bytes);
        }
    }
}
