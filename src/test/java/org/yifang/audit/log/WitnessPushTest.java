package org.yifang.audit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yifang.TestDatabase;
import org.yifang.audit.event.Hash;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Checkpoints are pushed to witnesses, each with the proof that it extends the one before.
final class WitnessPushTest {
    private static final NoteSigner SIGNER =
            new NoteSigner("witness.example/w1", NoteKey.Kind.COSIGNATURE, new byte[32]);

    private final Vertx outside = Vertx.vertx();
    private LogFixture log;
    private HttpServer server;
    private HttpClient client;
    private Witness witness;
    private Consumer<HttpServerRequest> behaviour;

    /// A witness of our own: it remembers one checkpoint, and cosigns what extends it.
    private static final class Witness {
        long size;
        Hash root = Hash.EMPTY_ROOT;
        final List<Long> asked = new ArrayList<>();

        void add(HttpServerRequest request) {
            request.body()
                    .onSuccess(body -> {
                        String text = body.toString();
                        int gap = text.indexOf("\n\n");
                        List<String> head = text.substring(0, gap).lines().toList();
                        SignedNote note = SignedNote.parse(text.substring(gap + 2));
                        Checkpoint checkpoint = Checkpoint.parse(note.text());
                        long old = Long.parseLong(head.getFirst().substring("old ".length()));
                        asked.add(old);
                        if (old != size) {
                            request.response().setStatusCode(409).end(size + "\n");
                            return;
                        }
                        List<Hash> proof =
                                head.subList(1, head.size()).stream().map(Hash::ofBase64).toList();
                        boolean extended =
                                size == 0
                                        || MerkleProofs.extendsTree(
                                                size,
                                                root,
                                                checkpoint.size(),
                                                checkpoint.root(),
                                                proof);
                        if (!extended) {
                            request.response().setStatusCode(422).end();
                            return;
                        }
                        size = checkpoint.size();
                        root = checkpoint.root();
                        request.response().end(SIGNER.cosign(note.text(), Instant.now()).line());
                    });
        }
    }

    @BeforeEach
    void start() {
        witness = new Witness();
        behaviour = witness::add;
        server =
                outside.createHttpServer()
                        .requestHandler(request -> {
                            assertThat(request.path()).isEqualTo("/add-checkpoint");
                            behaviour.accept(request);
                        })
                        .listen(0, "127.0.0.1")
                        .await();
        client = outside.createHttpClient();
        log =
                new LogFixture(
                        TestDatabase.migrated(),
                        LogFixture.temporary(),
                        List.of(
                                new Witnesses.Witness(
                                        SIGNER.verifier(),
                                        "http://127.0.0.1:" + server.actualPort())));
    }

    @AfterEach
    void stop() {
        client.close().await();
        server.close().await();
        log.close();
        outside.close().await();
    }

    private void push() {
        log.witnesses.push(log.database, client);
    }

    private boolean cosigned() {
        return Cosignature.of(log.keep(), SIGNER.verifier()) != null;
    }

    @Test
    void each_newest_checkpoint_is_cosigned_once() {
        log.grow(5);
        assertThat(cosigned()).isFalse();
        push();
        assertThat(cosigned()).isTrue();
        push();
        assertThat(witness.asked).as("nothing new, nothing pushed").containsExactly(0L);
        log.grow(300);
        assertThat(cosigned()).isFalse();
        push();
        assertThat(cosigned()).isTrue();
        assertThat(witness.asked).containsExactly(0L, 5L);
    }

    @Test
    void a_witness_that_knows_another_size_is_proved_from_there() {
        log.grow(5);
        push();
        log.tamper("delete from audit_cosignature");
        log.grow(7);
        push();
        assertThat(witness.asked).as("from nothing, then from what it knows").contains(0L, 5L);
        assertThat(cosigned()).isTrue();
    }

    @Test
    void a_witness_that_is_away_harms_nobody() {
        log.grow(5);
        server.close().await();
        push();
        assertThat(cosigned()).isFalse();
    }

    /// It answers a byte now and then and never ends; meanwhile the log goes on.
    @Test
    @Timeout(30)
    void a_witness_that_never_ends_is_cut_off_and_slows_nothing() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch cut = new CountDownLatch(1);
        behaviour =
                request -> {
                    request.response().setChunked(true).write("o");
                    request.connection().closeHandler(gone -> cut.countDown());
                    long drip =
                            outside.setPeriodic(
                                    200,
                                    id -> {
                                        if (!request.response().closed()) {
                                            request.response().write("o");
                                        }
                                    });
                    assertThat(drip).isNotNegative();
                    asked.countDown();
                };
        log.grow(5);
        Thread push = Thread.ofVirtual().start(this::push);
        asked.await();
        log.grow(3);
        assertThat(Checkpoint.parse(log.keep().text()).size()).isEqualTo(8);
        assertThat(push.isAlive()).as("the log did not wait for the witness").isTrue();
        push.join();
        assertThat(cut.await(5, TimeUnit.SECONDS)).as("its connection is given up").isTrue();
        assertThat(cosigned()).isFalse();
    }

    @Test
    @Timeout(30)
    void a_witness_that_answers_without_end_is_not_listened_to() {
        AtomicLong sent = new AtomicLong();
        Buffer much = Buffer.buffer(new byte[64 * 1024]);
        behaviour =
                request -> {
                    request.response().setChunked(true);
                    outside.setPeriodic(
                            1,
                            id -> {
                                if (request.response().closed() || sent.get() > 1L << 30) {
                                    outside.cancelTimer(id);
                                } else if (!request.response().writeQueueFull()) {
                                    sent.addAndGet(much.length());
                                    request.response().write(much);
                                }
                            });
                };
        log.grow(5);
        push();
        assertThat(sent.get()).as("cut off long before its time was over").isLessThan(16L << 20);
        assertThat(cosigned()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "200, nonsense",
        "200, ''",
        "200, '\u2014 witness.example/w1 AAAA'",
        "409, nonsense",
        "409, -1",
        "409, 99999999999999999999",
        "409, 4000",
        "422, ''",
        "500, sorry"
    })
    void whatever_else_a_witness_answers_harms_nobody(int status, String body) {
        behaviour = request -> request.response().setStatusCode(status).end(body + "\n");
        log.grow(5);
        push();
        assertThat(cosigned()).isFalse();
        behaviour = witness::add;
        // It is asked again and again: one answer may be late on a busy machine.
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(30))
                .untilAsserted(() -> {
                    push();
                    assertThat(cosigned()).as("it is asked again").isTrue();
                });
    }

    @Test
    void a_line_that_is_none_of_a_witness_is_refused_saying_why() {
        log.grow(5);
        SignedNote head = log.keep();
        assertThatThrownBy(() -> log.witnesses.accept(log.database, head))
                .hasMessageContaining("No line is by a witness known here; known are: `");
        SignedNote.Signed right = SIGNER.cosign(head.text(), Instant.now());
        SignedNote.Signed ofOther = SIGNER.cosign(head.text() + "more\n", Instant.now());
        assertThatThrownBy(() -> log.witnesses.accept(log.database, with(head, ofOther)))
                .hasMessageContaining("is no cosignature of this checkpoint");
        String forked = head.text().replace("\n5\n", "\n4\n");
        assertThatThrownBy(() ->
                        log.witnesses.accept(log.database, new SignedNote(forked, List.of(right))))
                .hasMessageContaining("with 4 entries and this root is kept here");
        log.witnesses.accept(log.database, with(head, right));
        assertThat(cosigned()).isTrue();
    }

    private static SignedNote with(SignedNote note, SignedNote.Signed line) {
        List<SignedNote.Signed> lines = new ArrayList<>(note.signatures());
        lines.add(line);
        return new SignedNote(note.text(), lines);
    }
}
