package org.yifang.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.audit.event.Hash;
import org.yifang.audit.verify.VerifyCommand;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.platform.edge.Edge;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// The log over HTTP, and the command that checks it, as an outsider uses them.
class PublishedLogTest {
    private static final NoteSigner WITNESS =
            new NoteSigner("witness.example/w1", NoteKey.Kind.COSIGNATURE, new byte[32]);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static LogFixture log;
    private static String address;
    private static Path kept;

    @BeforeAll
    static void publish() throws IOException {
        log =
                new LogFixture(
                        TestDatabase.migrated(),
                        LogFixture.temporary(),
                        List.of(Witnesses.Witness.parse(WITNESS.verifier().vkey())));
        log.grow(260);
        kept = log.folder.resolve("kept");
        Files.writeString(kept, log.keep().format());
        log.grow(40);
        AtomicInteger port = new AtomicInteger();
        log.vertx
                .deployVerticle(
                        () -> new Door(port),
                        new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                .await();
        address = "http://localhost:" + port.get() + "/audit";
    }

    @AfterAll
    static void close() {
        log.close();
    }

    private static final class Door extends AbstractVerticle {
        private final AtomicInteger port;

        Door(AtomicInteger port) {
            this.port = port;
        }

        @Override
        public void start(Promise<Void> started) {
            Router router = Router.router(vertx);
            Edge.standard().mount(router);
            Outcomes.mount(router);
            new LogRoutes(log.database, log.sequencer, log.witnesses).mount(router);
            HttpServer server = vertx.createHttpServer(Edge.options());
            server.requestHandler(router)
                    .listen(0)
                    .onSuccess(one -> port.set(one.actualPort()))
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(address + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private record Ran(int code, String out, String err) {}

    private static Ran verify(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                new CommandLine(new VerifyCommand())
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(arguments);
        return new Ran(code, out.toString(), err.toString());
    }

    @Test
    void tiles_are_for_ever_and_checkpoints_for_now() throws Exception {
        HttpResponse<String> tile = get("/tile/0/000");
        assertThat(tile.statusCode()).isEqualTo(200);
        assertThat(tile.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
        assertThat(tile.headers().firstValue("Content-Type").orElse(""))
                .isEqualTo("application/octet-stream");
        assertThat(tile.headers().firstValue("Vary").orElse("")).isEqualTo("Accept-Encoding");
        HttpResponse<String> checkpoint = get("/checkpoint");
        assertThat(checkpoint.headers().firstValue("Cache-Control").orElse(""))
                .isEqualTo("no-cache");
        assertThat(checkpoint.headers().firstValue("Content-Type").orElse(""))
                .isEqualTo("text/plain; charset=utf-8");
        assertThat(Checkpoint.parse(SignedNote.parse(checkpoint.body()).text()).size())
                .isEqualTo(300);
        assertThat(get("/vkey").body().strip()).isEqualTo(log.vkey());
    }

    @Test
    void what_no_checkpoint_covers_is_not_there() throws Exception {
        for (String path :
                Map.of(
                                "beyond the head", "/tile/0/001.p/45",
                                "full, but is partial", "/tile/0/001",
                                "no such level", "/tile/2/000.p/1",
                                "entries beyond", "/tile/entries/002",
                                "no path", "/tile/0/1")
                        .values()) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(get("/tile/0/001.p/44").statusCode()).isEqualTo(200);
        assertThat(get("/tile/0/001.p/4").statusCode()).isEqualTo(200);
        assertThat(get("/tile/1/000.p/1").statusCode()).isEqualTo(200);
    }

    @Test
    void the_command_says_that_all_is_well_online_and_from_an_export() {
        Path export = LogFixture.temporary();
        Ran online =
                verify(
                        address,
                        "--vkey",
                        log.vkey(),
                        "--checkpoint",
                        kept.toString(),
                        "--save",
                        export.toString());
        assertThat(online.out).contains("300 entries").contains("All is well");
        assertThat(online.code).isZero();
        assertThat(online.err).contains("300 of 300");
        Ran offline =
                verify(export.toString(), "--vkey", log.vkey(), "--checkpoint", kept.toString());
        assertThat(offline.code).isZero();
    }

    @Test
    void a_range_is_proved_without_the_rest() {
        Ran range =
                verify(
                        address,
                        "--vkey",
                        log.vkey(),
                        "--checkpoint",
                        kept.toString(),
                        "--from",
                        "250",
                        "--to",
                        "270");
        assertThat(range.out).contains("All is well");
        assertThat(range.err).contains("20 of 20");
        assertThat(range.code).isZero();
    }

    @Test
    void an_altered_export_is_found_out_at_the_very_entry() throws IOException {
        Path export = LogFixture.temporary();
        verify(address, "--vkey", log.vkey(), "--save", export.toString());
        Path bundle = export.resolve("tile/entries/000");
        byte[] bytes = Files.readAllBytes(bundle);
        List<byte[]> entries = EntryBundle.decode(bytes);
        entries.get(17)[40] ^= 1;
        Files.write(bundle, EntryBundle.encode(entries));
        Ran found = verify(export.toString(), "--vkey", log.vkey());
        assertThat(found.code).isEqualTo(1);
        assertThat(found.out).contains("WRONG ENTRY: Entry 17 ");
        Ran inRange = verify(export.toString(), "--vkey", log.vkey(), "--from", "10", "--to", "20");
        assertThat(inRange.out).contains("Entry 17 is not the one in the signed tree.");
    }

    @Test
    void what_cannot_be_read_is_told_apart_from_what_is_wrong() {
        assertThat(verify("http://localhost:1/audit", "--vkey", log.vkey()).code).isEqualTo(2);
        assertThat(verify(address, "--vkey", "nonsense").code).isEqualTo(2);
        NoteKey other =
                new NoteSigner(LogFixture.ORIGIN, NoteKey.Kind.ED25519, new byte[32]).verifier();
        Ran wrongKey = verify(address, "--vkey", other.vkey());
        assertThat(wrongKey.code).isEqualTo(1);
        assertThat(wrongKey.out).contains("WRONG CHECKPOINT").contains("not signed by");
    }

    @Test
    void a_witness_cosigns_and_is_shown() throws Exception {
        assertThat(
                        verify(
                                        address,
                                        "--vkey",
                                        log.vkey(),
                                        "--witness",
                                        WITNESS.verifier().vkey())
                                .out)
                .contains("WRONG WITNESS");
        SignedNote note = SignedNote.parse(get("/checkpoint").body());
        SignedNote cosigned =
                new SignedNote(note.text(), List.of(WITNESS.cosign(note.text(), Instant.now())));
        assertThat(post(cosigned.format())).isEqualTo(204);
        assertThat(get("/checkpoint").body()).contains("— witness.example/w1 ");
        assertThat(
                        verify(
                                        address,
                                        "--vkey",
                                        log.vkey(),
                                        "--witness",
                                        WITNESS.verifier().vkey())
                                .code)
                .isZero();
        NoteSigner stranger =
                new NoteSigner("stranger.example", NoteKey.Kind.COSIGNATURE, new byte[32]);
        SignedNote unknown =
                new SignedNote(note.text(), List.of(stranger.cosign(note.text(), Instant.now())));
        assertThat(post(unknown.format())).isEqualTo(400);
        assertThat(post("nonsense")).isEqualTo(400);
    }

    private static int post(String note) throws Exception {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create(address + "/cosignatures"))
                                .POST(HttpRequest.BodyPublishers.ofString(note))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void the_history_of_checkpoints_can_be_taken_away_and_checked_against() throws Exception {
        String history = get("/checkpoints").body();
        assertThat(history.lines()).hasSizeGreaterThanOrEqualTo(2);
        Path file = log.folder.resolve("history");
        Files.writeString(file, history);
        assertThat(verify(address, "--vkey", log.vkey(), "--checkpoint", file.toString()).code)
                .isZero();
        assertThat(get("/checkpoints?after=x").statusCode()).isEqualTo(400);
        assertThat(get("/origins").body()).contains("\"origin\":\"yifang.example/audit\"");
    }

    @Test
    void published_checkpoints_that_contradict_one_another_are_found_in_the_history() {
        Ran good = verify(address, "--vkey", log.vkey(), "--history");
        assertThat(good.out).contains("nothing was removed or altered");
        assertThat(good.code).isZero();
        byte[] root = new byte[32];
        Arrays.fill(root, (byte) 7);
        Checkpoint other = new Checkpoint(LogFixture.ORIGIN, 100, Hash.of(root));
        String note =
                new SignedNote(other.text(), List.of(log.signer().sign(other.text()))).format();
        log.tamper(
                ("insert into audit_checkpoint (origin, size, signed_at, note)"
                                + " values ('%s', 100, now(), '%s')")
                        .formatted(LogFixture.ORIGIN, note));
        try {
            assertThat(verify(address, "--vkey", log.vkey()).code).isZero();
            Ran found = verify(address, "--vkey", log.vkey(), "--history");
            assertThat(found.out).contains("WRONG REWRITTEN");
            assertThat(found.code).isEqualTo(1);
        } finally {
            log.tamper("delete from audit_checkpoint where size = 100");
        }
    }
}
