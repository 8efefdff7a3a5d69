package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The real service is killed in the middle of replacing its keys, goes on with it by itself, and
/// serves without the old ones afterwards.
@Tag("soak")
final class RotationKillTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PRESCRIPTIONS = "700";

    @TempDir Path folder;

    private ServiceProcess service;
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void goes_on_where_it_was_killed_and_needs_the_old_keys_no_more() throws Exception {
        service = ServiceProcess.start(folder);
        try {
            assertThat(simulate("--prescriptions", PRESCRIPTIONS, "--journal", journal())).isZero();
            Path keys = folder.resolve("data/master.keys");
            String first = Files.readString(keys);
            String second = "seal.2=" + key('b') + "\nindex.2=" + key('c') + "\n";
            restart(keys, first + second);
            killedDuring("sealing");
            killedDuring("index");
            restart(keys, second);
            assertThat(simulate("--verify-journal", journal())).isZero();
            assertThat(simulate("--prescriptions", "20", "--journal", journal() + "-2")).isZero();
            assertThat(simulate("--verify-journal", journal() + "-2")).isZero();
        } finally {
            service.close();
            http.close();
        }
    }

    private String journal() {
        return folder.resolve("journal").toString();
    }

    private int simulate(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 3];
        all[0] = "simulate";
        all[1] = "--url";
        all[2] = service.url();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return service.command(folder.resolve("simulate.log"), all).waitFor();
    }

    private static String key(char filled) {
        byte[] key = String.valueOf(filled).repeat(32).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(key);
    }

    private void restart(Path keys, String text) throws Exception {
        service.kill();
        Files.writeString(keys, text);
        service.startAgain();
    }

    /// Kills it at every hundred that are done, and waits until the job is done nevertheless.
    private void killedDuring(String what) throws Exception {
        JsonNode job = call("POST", "/admin/keys/" + what + "/rotate");
        String path = "/admin/jobs/" + job.path("id").asText();
        Set<Long> killedAt = new HashSet<>();
        while (Set.of("waiting", "running").contains(job.path("state").asText())) {
            long done = job.path("done").asLong();
            if (done > 0 && killedAt.size() < 2 && killedAt.add(done / 100)) {
                service.kill();
                service.startAgain();
            }
            Thread.sleep(5);
            job = call("GET", path);
        }
        System.out.println(what + " killed " + killedAt.size() + " times: " + job);
        assertThat(job.path("state").asText()).isEqualTo("done");
        assertThat(killedAt).isNotEmpty();
    }

    private JsonNode call(String method, String path) throws Exception {
        String token =
                send(HttpRequest.newBuilder(URI.create(service.url() + "/auth/token"))
                                .header(
                                        "Authorization",
                                        "Basic "
                                                + Base64.getEncoder()
                                                        .encodeToString(
                                                                "operator-1:operator-1"
                                                                        .getBytes(
                                                                                StandardCharsets
                                                                                        .UTF_8)))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "grant_type=client_credentials")))
                        .path("access_token")
                        .asText();
        return send(
                HttpRequest.newBuilder(URI.create(service.url() + path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.noBody()));
    }

    private JsonNode send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> reply =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(reply.statusCode()).as(reply.body()).isIn(List.of(200, 202));
        return JSON.readTree(reply.body());
    }
}
