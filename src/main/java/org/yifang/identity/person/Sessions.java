package org.yifang.identity.person;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.edge.Edge;

import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// The sessions of people: who is behind a request of a browser.
///
/// They live in the database, so that any instance knows them; each instance remembers what it read
/// for some seconds, and forgets it at once when the database tells of an end or a suspension.
public final class Sessions {
    /// The contract's 30 minutes idle and 12 hours at most.
    static final Duration IDLE = Duration.ofMinutes(30);

    static final Duration MOST = Duration.ofHours(12);

    /// Between password and second factor nobody needs longer.
    private static final Duration SIGNING_IN = Duration.ofMinutes(10);

    /// How long an end is unknown where what the database told was not heard.
    private static final Duration REMEMBERED = Duration.ofSeconds(5);

    private static final Duration SEEN_EVERY = Duration.ofMinutes(1);
    private static final int REMEMBERED_MAX = 20_000;
    private static final String COOKIE = "yifang-session";
    private static final int COOKIE_LENGTH = 43;

    private final Database database;
    private final SessionStore store;
    private final InstantSource clock;
    private final boolean secure;
    private final boolean demonstration;
    private final AtomicLong changes = new AtomicLong();
    private final Cache<ByteBuffer, SessionStore.OwnedSession> remembered =
            Caffeine.newBuilder().maximumSize(REMEMBERED_MAX).expireAfterWrite(REMEMBERED).build();

    /// @param secure whether people come by https
    /// @param demonstration whether people whose password everybody knows are let in
    public Sessions(Database database, InstantSource clock, boolean secure, boolean demonstration) {
        this.database = database;
        this.store = new SessionStore(database);
        this.clock = clock;
        this.secure = secure;
        this.demonstration = demonstration;
    }

    /// Whether people whose password everybody knows are let in.
    public boolean demonstration() {
        return demonstration;
    }

    /// Whether somebody may be in at all: not suspended, and where the demonstration is over, not
    /// of it.
    boolean admits(Account account) {
        return account.active() && (demonstration || !account.demonstration());
    }

    /// Who is signed in behind a request, wholly: password, second factor and all. May wait.
    public Optional<SignedIn> find(RoutingContext http) {
        return known(http)
                .filter(known -> known.session().stage() == Session.Stage.IN)
                .map(known -> {
                    SignedIn who = signedIn(known);
                    who.remember(http);
                    return who;
                });
    }

    /// As [#find], for a call that a page makes to the interface: it comes from our own page, and
    /// whatever changes something carries the form token. May wait.
    public Optional<SignedIn> ofPage(RoutingContext http) {
        HttpServerRequest request = http.request();
        if (request.getHeader(HttpHeaders.COOKIE) == null || !isSameOrigin(request)) {
            return Optional.empty();
        }
        boolean reads =
                switch (request.method().name()) {
                    case "GET", "HEAD" -> true;
                    default -> false;
                };
        String sent = request.getHeader("X-Form-Token");
        return find(http).filter(who -> reads || isToken(who.formToken(), sent));
    }

    /// Whether a form or call comes from a page of ours, as far as the browser says so. A browser
    /// names the origin of every form it posts; who names none is no browser of a victim.
    public static boolean isSameOrigin(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        boolean away = site != null && !site.equals("same-origin") && !site.equals("none");
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return !away;
        }
        try {
            String host = request.authority() == null ? null : request.authority().toString();
            return !away && origin.contains("://") && withoutPort(origin).equals(withoutPort(host));
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }

    /// The host and its port, where that is not the scheme's own.
    private static String withoutPort(@Nullable String address) {
        String text = String.valueOf(address);
        URI uri = URI.create(text.contains("://") ? text : "//" + text);
        int port = uri.getPort() == 80 || uri.getPort() == 443 ? -1 : uri.getPort();
        return uri.getHost() + ":" + port;
    }

    /// Whether a form carries the token of this session.
    public static boolean isToken(String token, @Nullable String sent) {
        return sent != null
                && MessageDigest.isEqual(
                        token.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        sent.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /// The session behind a request in whatever stage; empty when there is none, it is over, or its
    /// owner is suspended.
    Optional<SessionStore.OwnedSession> known(RoutingContext http) {
        Cookie cookie = http.request().getCookie(COOKIE);
        if (cookie == null || cookie.getValue().length() != COOKIE_LENGTH) {
            return Optional.empty();
        }
        byte[] id = Secrets.hash(cookie.getValue());
        ByteBuffer key = ByteBuffer.wrap(id);
        SessionStore.OwnedSession known = remembered.getIfPresent(key);
        if (known == null) {
            long told = changes.get();
            known = store.find(id).orElse(null);
            if (known == null) {
                return Optional.empty();
            }
            if (told == changes.get()) {
                // Else it may have been read before the change that was told meanwhile.
                remembered.put(key, known);
            }
        }
        Instant now = clock.instant();
        if (!admits(known.account()) || isOver(known.session(), now)) {
            return Optional.empty();
        }
        // What a page fetches by itself is no sign of a person in front of it.
        boolean byItself =
                http.request().path().equals("/events")
                        || http.request().getHeader("X-Live") != null;
        if (!byItself && now.isAfter(known.session().seenAt().plus(SEEN_EVERY))) {
            Session seen = withSeen(known.session(), now);
            remembered.put(key, new SessionStore.OwnedSession(seen, known.account()));
            var _ = store.seen(id, now);
        }
        return Optional.of(known);
    }

    private static boolean isOver(Session session, Instant now) {
        Duration most = session.stage() == Session.Stage.IN ? MOST : SIGNING_IN;
        return !now.isBefore(session.createdAt().plus(most))
                || !now.isBefore(session.seenAt().plus(IDLE));
    }

    private static Session withSeen(Session one, Instant now) {
        return new Session(
                one.id(),
                one.login(),
                one.stage(),
                one.formToken(),
                one.pending(),
                one.back(),
                one.address(),
                one.agent(),
                one.createdAt(),
                now);
    }

    private static SignedIn signedIn(SessionStore.OwnedSession known) {
        Account account = known.account();
        return new SignedIn(
                known.session().name(),
                account.login(),
                account.name(),
                account.staff(),
                account.role(),
                account.organizationId(),
                account.organization(),
                account.reviewsFor(),
                account.manager(),
                known.session().formToken());
    }

    /// Begins a session under a new cookie and ends the one before: who planted a cookie, or saw
    /// one before the second factor, has none now.
    Session begin(
            Tx tx,
            RoutingContext http,
            String login,
            Session.Stage stage,
            byte @Nullable [] pending,
            String back) {
        endOwn(tx, http);
        String cookie = Secrets.token();
        Instant now = clock.instant();
        HttpServerRequest request = http.request();
        String agent = String.valueOf(request.getHeader(HttpHeaders.USER_AGENT));
        Session session =
                new Session(
                        Secrets.hash(cookie),
                        login,
                        stage,
                        Secrets.token(),
                        pending,
                        back,
                        Edge.address(http),
                        agent.substring(0, Math.min(agent.length(), 200)).replaceAll("\\p{C}", ""),
                        now,
                        now);
        store.insert(tx, session);
        http.response().addCookie(cookie(cookie));
        return session;
    }

    private Cookie cookie(String value) {
        return Cookie.cookie(COOKIE, value)
                .setPath("/")
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.LAX)
                .setSecure(secure);
    }

    /// Signs out.
    public void end(RoutingContext http) {
        database.inTransaction(tx -> {
            endOwn(tx, http);
            return null;
        });
        http.response().addCookie(cookie("").setMaxAge(0));
    }

    private void endOwn(Tx tx, RoutingContext http) {
        Cookie cookie = http.request().getCookie(COOKIE);
        if (cookie != null) {
            byte[] id = Secrets.hash(cookie.getValue());
            store.delete(tx, id);
            remembered.invalidate(ByteBuffer.wrap(id));
        }
    }

    /// Ends every session of a person, with the transaction that suspends it or changes its
    /// password; the session `kept` may stay.
    public void endAll(Tx tx, String login, @Nullable Session kept) {
        store.deleteOf(tx, login, kept == null ? null : kept.id());
    }

    /// Those of one person, newest first.
    public List<Session> of(String login) {
        return store.of(login).stream()
                .filter(session -> !isOver(session, clock.instant()))
                .toList();
    }

    /// Ends one of a person's own.
    public void end(String login, String name) {
        of(login).stream()
                .filter(session -> session.name().equals(name))
                .findFirst()
                .ifPresent(session ->
                        database.inTransaction(tx -> {
                            store.delete(tx, session.id());
                            return null;
                        }));
        forget();
    }

    /// Forgets what was read, since the database told of a change.
    public void forget() {
        changes.incrementAndGet();
        remembered.invalidateAll();
    }

    /// Drops the sessions that are over.
    public void sweep() {
        Instant now = clock.instant();
        store.deleteOld(now.minus(MOST), now.minus(IDLE));
    }
}
