package org.yifang.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/// `yifang admin …`: the administration from a terminal. It calls the service as a client of role
/// operator, never the database.
@Command(
        name = "admin",
        description = "Registers, rotates and looks after jobs by calling a running service.",
        mixinStandardHelpOptions = true)
public final class AdminCommand implements Runnable {
    private static final int GOOD = 0;
    private static final int REFUSED = 1;
    private static final int NO_ANSWER = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Option(
            names = "--url",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:YIFANG_ADMIN_URL:-http://localhost:8080}",
            description = "The service; YIFANG_ADMIN_URL")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private String url;

    @Option(
            names = "--client",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:YIFANG_ADMIN_CLIENT:-}",
            description = "A client of role operator; YIFANG_ADMIN_CLIENT")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private String client;

    /// Never an option: other users of the machine see those of a process.
    private final String secret;

    private final HttpClient http = HttpClient.newHttpClient();

    /// @param secret of that client, YIFANG_ADMIN_SECRET
    public AdminCommand(@Nullable String secret) {
        this.secret = secret == null ? "" : secret;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "list", description = "Lists clients, people, feeds, receivers or jobs.")
    int list(@Parameters(paramLabel = "clients|people|feeds|receivers|jobs") String what) {
        return call("GET", "/admin/" + encoded(what), null, null);
    }

    @Command(name = "show", description = "Shows a client, a person or a job.")
    int show(
            @Parameters(paramLabel = "clients|people|jobs") String what,
            @Parameters(paramLabel = "ID") String id) {
        return call("GET", "/admin/" + encoded(what) + "/" + encoded(id), null, null);
    }

    @Command(name = "client", description = "Registers a client.")
    int client(
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--role", required = true) String role,
            @Option(names = "--organization") @Nullable String organization,
            @Option(names = "--scope") @Nullable List<String> scopes,
            @Option(names = "--reviews-for") @Nullable List<String> reviewsFor,
            @Option(names = "--jwks", description = "File of public keys") @Nullable Path jwks,
            @Option(names = "--jwks-url") @Nullable String jwksUrl,
            @Option(names = "--asserts-patients") boolean assertsPatients,
            @Option(names = "--with-secret") boolean withSecret)
            throws IOException {
        JsonObject body = new JsonObject().put("id", id).put("role", role);
        put(body, "organization", organization);
        put(body, "jwksUrl", jwksUrl);
        put(body, "scopes", scopes == null ? null : new JsonArray(scopes));
        put(body, "reviewsFor", reviewsFor == null ? null : new JsonArray(reviewsFor));
        put(body, "jwks", jwks == null ? null : new JsonObject(Files.readString(jwks)));
        put(body, "assertsPatients", assertsPatients ? true : null);
        put(body, "secret", withSecret ? true : null);
        return json("POST", "/admin/clients", body);
    }

    @Command(name = "person", description = "Makes an account with a one-time password.")
    int person(
            @Parameters(paramLabel = "LOGIN") String login,
            @Option(names = "--name", required = true) String name,
            @Option(names = "--role", required = true) String role,
            @Option(names = "--organization") @Nullable String organization,
            @Option(names = "--staff") @Nullable String staff,
            @Option(names = "--manager") boolean manager) {
        JsonObject body = new JsonObject().put("login", login).put("name", name).put("role", role);
        put(body, "organization", organization);
        put(body, "staff", staff);
        put(body, "manager", manager ? true : null);
        return json("POST", "/admin/people", body);
    }

    @Command(name = "change", description = "Changes a client or person: FIELD=VALUE as JSON.")
    int change(
            @Parameters(paramLabel = "clients|people") String what,
            @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "JSON", description = "{\"active\":false}") String json) {
        return json("PATCH", "/admin/" + encoded(what) + "/" + encoded(id), new JsonObject(json));
    }

    @Command(name = "suspend", description = "Ends a client's tokens or a person's sessions.")
    int suspend(
            @Parameters(paramLabel = "clients|people") String what,
            @Parameters(paramLabel = "ID") String id) {
        return change(what, id, "{\"active\":false}");
    }

    @Command(name = "resume", description = "Lets a suspended client or person in again.")
    int resume(
            @Parameters(paramLabel = "clients|people") String what,
            @Parameters(paramLabel = "ID") String id) {
        return change(what, id, "{\"active\":true}");
    }

    @Command(name = "rotate-secret", description = "Gives a client a new secret.")
    int rotateSecret(
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--overlap-minutes", defaultValue = "0") int overlap) {
        return json(
                "POST",
                "/admin/clients/" + encoded(id) + "/rotate-secret",
                new JsonObject().put("overlapMinutes", overlap));
    }

    @Command(name = "reset", description = "Gives a person a new one-time password.")
    int reset(@Parameters(paramLabel = "LOGIN") String login) {
        return call("POST", "/admin/people/" + encoded(login) + "/reset", null, null);
    }

    @Command(
            name = "import",
            description = {
                "Takes a CSV file.",
                "A catalogue is the bureau's to import, offers are a pharmacy's: name a client of"
                        + " theirs with --client."
            })
    int take(
            @Parameters(paramLabel = "organizations|practitioners|clients|people|catalogue|offers")
                    String kind,
            @Parameters(paramLabel = "FILE") Path file)
            throws IOException {
        String path =
                switch (kind) {
                    case "catalogue" -> "/fhir/$import-catalogue";
                    case "offers" -> "/fhir/$import-offers";
                    default -> "/admin/import?kind=" + encoded(kind);
                };
        return call("POST", path, Files.readAllBytes(file), "text/csv");
    }

    @Command(
            name = "feed",
            description = "Says where a pharmacy's prices lie; without --address shows the feed.")
    int feed(
            @Parameters(paramLabel = "PHARMACY", description = "Its number") String pharmacy,
            @Option(names = "--address", description = "CSV or NDJSON, http or https")
                    @Nullable String address,
            @Option(names = "--every-minutes") @Nullable Integer every,
            @Option(names = "--remove", description = "Fetch no more") boolean remove) {
        String path = "/admin/feeds/" + encoded(pharmacy);
        if (remove || address == null) {
            return call(remove ? "DELETE" : "GET", path, null, null);
        }
        JsonObject body = new JsonObject().put("url", address);
        put(body, "everyMinutes", every);
        return json("PUT", path, body);
    }

    @Command(name = "health", description = "Shows how every part of an instance is.")
    int health() {
        return call("GET", "/admin/health", null, null);
    }

    @Command(name = "rotate", description = "Rotates keys, as a job.")
    int rotate(@Parameters(paramLabel = "sealing|index|signing|audit") String keys) {
        return call("POST", "/admin/keys/" + encoded(keys) + "/rotate", null, null);
    }

    @Command(name = "erase", description = "Erases a person, as a job.")
    int erase(
            @Parameters(paramLabel = "PATIENT", description = "Patient id or identity card")
                    String patient,
            @Option(names = "--reason", required = true) String reason) {
        return json(
                "POST",
                "/admin/patients/erase",
                new JsonObject().put("patient", patient).put("reason", reason));
    }

    @Command(name = "retention", description = "Erases what has been kept long enough, as a job.")
    int retention() {
        return call("POST", "/admin/retention/run", null, null);
    }

    private int json(String method, String path, JsonObject body) {
        return call(
                method, path, body.encode().getBytes(StandardCharsets.UTF_8), "application/json");
    }

    private int call(
            String method, String path, byte @Nullable [] body, @Nullable String mediaType) {
        try {
            HttpResponse<String> token = token();
            if (token.statusCode() != 200) {
                return told(token);
            }
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url + path))
                            .header(
                                    "Authorization",
                                    "Bearer "
                                            + new JsonObject(token.body())
                                                    .getString("access_token"))
                            .method(
                                    method,
                                    body == null
                                            ? BodyPublishers.noBody()
                                            : BodyPublishers.ofByteArray(body));
            if (mediaType != null) {
                request.header("Content-Type", mediaType);
            }
            return told(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException failure) {
            spec.commandLine().getErr().println(url + " does not answer: " + failure.getMessage());
            return NO_ANSWER;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return NO_ANSWER;
        }
    }

    private HttpResponse<String> token() throws IOException, InterruptedException {
        String basic = encoded(client) + ":" + encoded(secret);
        return http.send(
                HttpRequest.newBuilder(URI.create(url + "/auth/token"))
                        .header(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString(
                                                        basic.getBytes(StandardCharsets.UTF_8)))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private int told(HttpResponse<String> answer) {
        boolean good = answer.statusCode() < 300;
        var out = good ? spec.commandLine().getOut() : spec.commandLine().getErr();
        boolean json = answer.body().startsWith("{");
        out.println(json ? new JsonObject(answer.body()).encodePrettily() : answer.body());
        out.flush();
        return good ? GOOD : REFUSED;
    }

    private static void put(JsonObject body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
