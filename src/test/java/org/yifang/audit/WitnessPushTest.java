package org.yifang.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.client.WebClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Checkpoints are pushed to witnesses, each with the proof that it extends the one before.
final class WitnessPushTest {
    private static final NoteSigner SIGNER =
            new NoteSigner("witness.example/w1", NoteKey.Kind.COSIGNATURE, new byte[32]);

    private final Vertx outside = Vertx.vertx();
    private LogFixture log;
    private HttpServer server;
    private WebClient client;
    private Witness witness;

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
        server =
                outside.createHttpServer()
                        .requestHandler(request -> {
                            assertThat(request.path()).isEqualTo("/add-checkpoint");
                            witness.add(request);
                        })
                        .listen(0, "127.0.0.1")
                        .await();
        client = WebClient.create(outside);
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
        client.close();
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
}
