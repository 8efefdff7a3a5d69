package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// Files that put a county into service are taken row by row; hostile ones do no harm.
class AdminImportTest {
    private static final String HEADER =
            "number,name,kind,uscc,part_of,address,latitude,longitude,hours\n";

    private static TestService service;
    private static Client operator;

    @BeforeAll
    static void serve() {
        service = TestService.own(java.util.Map.of());
        operator = new Client(service, "operator-1");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Client.Reply csv(String kind, String file) {
        return csv(kind, "text/csv", file.getBytes(StandardCharsets.UTF_8));
    }

    private static Client.Reply csv(String kind, String type, byte[] file) {
        return Client.send(
                operator.request("/admin/import?kind=" + kind)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(file)));
    }

    @Test
    void hostile_rows_are_refused_one_by_one_and_a_good_file_is_safe_to_repeat() {
        String file =
                HEADER
                        + """
                        P42128100077,新药房,pharmacy,,,赤壁市示例七路7号,29.7,113.9,08:00-21:00
                        P42128100078,=cmd|'/c calc'!A1,pharmacy,,,,,,
                        P42128100082,@SUM(1),pharmacy,,,,,,
                        P42128100083,+1,pharmacy,,,,,,
                        P42128100084,-2+3,pharmacy,,,,,,
                        P42128100079,"a
                        b",pharmacy,,,,,,
                        P42128100085,a\u202eb,pharmacy,,,,,,
                        X1,名,pharmacy,,,,,,
                        P42128100080,药房,prison,,,,,,
                        P42128100081,药房,pharmacy,,P42128100077,,,,
                        P42128100086,药房,pharmacy,,,北极,91,0,
                        P42128100087,药房,pharmacy,,,赤壁,NaN,0,
                        P42128100088,药房,pharmacy
                        """;
        Client.Reply first = csv("organizations", file);
        assertThat(first.status()).as(first.raw().body()).isEqualTo(200);
        assertThat(first.body().path("accepted").asInt()).as(first.raw().body()).isEqualTo(1);
        assertThat(first.body().path("refused").asInt()).isEqualTo(12);
        for (JsonNode row : first.body().path("rows")) {
            assertThat(row.path("outcome").asText().equals("refused")).isEqualTo(row.has("reason"));
        }
        Client.Reply second = csv("organizations", file);
        assertThat(second.body().path("repeated").asInt()).isEqualTo(1);
        assertThat(second.body().path("accepted").asInt()).isZero();
    }

    @Test
    void a_file_that_is_none_is_refused_as_a_whole() {
        assertThat(csv("organizations", "number,evil\nP1,2\n").status()).isEqualTo(400);
        assertThat(csv("organizations", "number,number\nP1,2\n").status()).isEqualTo(400);
        assertThat(csv("organizations", "number,NUMBER\nP1,2\n").status()).isEqualTo(400);
        assertThat(csv("organizations", "name,kind\na,b\n").status()).isEqualTo(400);
        assertThat(csv("organizations", "").status()).isEqualTo(400);
        assertThat(csv("nothing", "a\n").status()).isEqualTo(400);
        assertThat(csv("people", "login,name,role,organization\n\"a").status()).isEqualTo(400);
        assertThat(
                        csv(
                                        "organizations",
                                        "application/json",
                                        "{}".getBytes(StandardCharsets.UTF_8))
                                .status())
                .isEqualTo(415);
        byte[] broken =
                (HEADER + "P42128100090,??,pharmacy,,,,,,\n").getBytes(StandardCharsets.UTF_8);
        broken[HEADER.length() + 13] = (byte) 0xff;
        assertThat(csv("organizations", "text/csv", broken).status()).isEqualTo(400);
        byte[] nul =
                (HEADER + "P42128100091,a?b,pharmacy,,,,,,\n").getBytes(StandardCharsets.UTF_8);
        nul[HEADER.length() + 14] = 0;
        Client.Reply reply = csv("organizations", "text/csv", nul);
        assertThat(reply.status()).isIn(200, 400);
        assertThat(reply.body().path("accepted").asInt()).isZero();
    }

    @Test
    void files_of_a_spreadsheet_are_read_as_it_writes_them() {
        String row = "P4212810009%d,电子表格药房,pharmacy,,,,,,\r\n";
        byte[] chinese =
                (HEADER.replace("\n", "\r\n") + row.formatted(2))
                        .getBytes(Charset.forName("GB18030"));
        byte[] marked = ("\ufeff" + HEADER + row.formatted(3)).getBytes(StandardCharsets.UTF_8);
        assertThat(
                        csv("organizations", "text/csv; charset=GB18030", chinese)
                                .body()
                                .path("accepted")
                                .asInt())
                .isEqualTo(1);
        assertThat(csv("organizations", "text/csv", marked).body().path("accepted").asInt())
                .isEqualTo(1);
        Client.Reply all =
                operator.get(
                        "/fhir/Organization?identifier=https://yifang.org/fhir/sid/"
                                + "nhsa-org%7CP42128100092");
        assertThat(all.raw().body()).contains("电子表格药房");
    }

    @Test
    void a_gibibyte_is_refused_before_it_is_sent() throws IOException {
        URI at = URI.create(service.url());
        for (String length :
                new String[] {"Content-Length: 1073741824", "Transfer-Encoding: chunked"}) {
            try (Socket socket = new Socket(at.getHost(), at.getPort())) {
                socket.setSoTimeout(20_000);
                String head =
                        """
                        POST /admin/import?kind=people HTTP/1.1\r
                        Host: %s:%d\r
                        Authorization: Bearer %s\r
                        Content-Type: text/csv\r
                        %s\r
                        \r
                        """
                                .formatted(at.getHost(), at.getPort(), operator.token(), length);
                var out = socket.getOutputStream();
                out.write(head.getBytes(StandardCharsets.US_ASCII));
                byte[] mebibyte = new byte[1 << 20];
                java.util.Arrays.fill(mebibyte, (byte) 'a');
                long sent = 0;
                try {
                    while (sent < 64 && socket.getInputStream().available() == 0) {
                        if (length.startsWith("T")) {
                            out.write("100000\r\n".getBytes(StandardCharsets.US_ASCII));
                        }
                        out.write(mebibyte);
                        out.write(
                                length.startsWith("T")
                                        ? "\r\n".getBytes(StandardCharsets.UTF_8)
                                        : new byte[0]);
                        sent++;
                    }
                } catch (IOException closed) {
                    // It closes on who goes on sending; what it said before is read below.
                    assertThat(sent).isLessThan(64);
                }
                assertThat(sent).isLessThan(64);
                byte[] status = socket.getInputStream().readNBytes(12);
                assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
            }
        }
    }

    @Test
    void the_description_says_what_there_is() {
        Client.Reply description = operator.get("/admin/openapi.json");
        assertThat(description.status()).isEqualTo(200);
        JsonNode paths = description.body().path("paths");
        assertThat(paths.path("/admin/clients/{id}").has("patch")).isTrue();
        int described = 0;
        for (var path : paths.properties()) {
            for (var method : path.getValue().properties()) {
                String name = method.getKey().toUpperCase(java.util.Locale.ROOT);
                String at = path.getKey().replaceAll("\\{[a-z]+}", "none");
                int status =
                        Client.send(
                                        HttpRequest.newBuilder(URI.create(service.url() + at))
                                                .method(name, HttpRequest.BodyPublishers.noBody()))
                                .status();
                assertThat(status).as(name + " " + at).isEqualTo(401);
                described++;
            }
        }
        assertThat(described).isGreaterThanOrEqualTo(19);
    }
}
