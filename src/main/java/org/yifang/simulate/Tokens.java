package org.yifang.simulate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;

import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// Access tokens, one for each person at each client, fetched anew before they run out.
final class Tokens {
    /// How long before its end a token is no longer used: longer than any call takes.
    private static final Duration BEFORE_THE_END = Duration.ofSeconds(60);

    /// Who is calling: a client and the person who works with it.
    record Sender(County.Client client, County.Staff person) {
        /// The form that asks for a token for this person.
        Buffer form() {
            StringBuilder form = new StringBuilder("grant_type=client_credentials");
            field(form, "subject_id", person.number());
            field(form, "subject_name", person.name());
            field(form, "subject_role", client.role());
            field(form, "purpose_of_use", "TREAT");
            if (!client.organization().isEmpty()) {
                field(form, "organization_id", client.organization());
            }
            return Buffer.buffer(form.toString());
        }

        private static void field(StringBuilder form, String name, String value) {
            form.append('&').append(name).append('=').append(URLEncoder.encode(value, UTF_8));
        }
    }

    private record Token(String value, Instant until) {}

    private static final class Slot {
        final ReentrantLock lock = new ReentrantLock();
        Token token = new Token("", Instant.MIN);
    }

    private final Map<Sender, Slot> slots = new ConcurrentHashMap<>();
    private final Function<Sender, Answer> fetch;

    /// @param fetch asks the service for a token; its answer must be good
    Tokens(Function<Sender, Answer> fetch) {
        this.fetch = fetch;
    }

    /// A token that is still good for a while.
    String of(Sender who) {
        Slot slot = slots.computeIfAbsent(who, _ -> new Slot());
        slot.lock.lock();
        try {
            if (Instant.now().isAfter(slot.token.until())) {
                slot.token = fetched(who);
            }
            return slot.token.value();
        } finally {
            slot.lock.unlock();
        }
    }

    /// Forgets a token that the service no longer takes.
    void forget(Sender who) {
        slots.remove(who);
    }

    private Token fetched(Sender who) {
        Instant asked = Instant.now();
        Answer answer = fetch.apply(who);
        long seconds = answer.body().getLong("expires_in", 0L);
        Duration life = Duration.ofSeconds(seconds);
        Duration margin =
                life.compareTo(BEFORE_THE_END.multipliedBy(2)) > 0
                        ? BEFORE_THE_END
                        : life.dividedBy(2);
        return new Token(
                answer.body().getString("access_token", ""), asked.plus(life).minus(margin));
    }
}
