package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What two administrators do at once comes out as if one had been first.
class AdminRaceTest {
    private static final int AT_ONCE = 12;

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

    private static List<Client.Reply> atOnce(List<Callable<Client.Reply>> calls) throws Exception {
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Client.Reply> replies = new ArrayList<>();
            for (Future<Client.Reply> one : people.invokeAll(calls)) {
                replies.add(one.get());
            }
            return replies;
        }
    }

    private static List<Integer> statuses(List<Client.Reply> replies) {
        return replies.stream().map(Client.Reply::status).sorted().toList();
    }

    @Test
    void of_many_who_register_the_same_client_or_login_one_does() throws Exception {
        List<Callable<Client.Reply>> clients = new ArrayList<>();
        List<Callable<Client.Reply>> people = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            String role = i % 2 == 0 ? "hospital" : "pharmacy";
            String at = i % 2 == 0 ? "H42128100001" : "P42128100001";
            clients.add(() ->
                    post(
                            "/admin/clients",
                            """
                            {"id":"same","role":"%s","organization":"%s","secret":true}\
                            """
                                    .formatted(role, at)));
            people.add(() ->
                    post(
                            "/admin/people",
                            """
                            {"login":"same","name":"示例","role":"%s","organization":"%s"}\
                            """
                                    .formatted(role, at)));
        }
        for (var calls : List.of(clients, people)) {
            List<Client.Reply> replies = atOnce(calls);
            assertThat(statuses(replies).getFirst()).isEqualTo(201);
            assertThat(statuses(replies).subList(1, AT_ONCE)).containsOnly(409);
            assertThat(replies.stream().filter(one -> one.status() == 409))
                    .allSatisfy(one -> assertThat(one.code()).isEqualTo("RX-1101"));
        }
        // What stands is what the one who was told 201 sent, untouched by the others.
        assertThat(operator.get("/admin/clients/same").body().path("version").asInt()).isEqualTo(1);
    }

    private static Client.Reply post(String path, String body) {
        return AdminTest.json(operator, "POST", path, body);
    }

    @Test
    void a_change_meant_for_another_version_is_refused() {
        post(
                "/admin/clients",
                """
                {"id":"tagged","role":"hospital","organization":"H42128100001","secret":true}\
                """);
        Client.Reply shown = operator.get("/admin/clients/tagged");
        String tag = shown.raw().headers().firstValue("ETag").orElseThrow();
        assertThat(patch("/admin/clients/tagged", tag).status()).isEqualTo(200);
        Client.Reply late = patch("/admin/clients/tagged", tag);
        assertThat(late.status()).isEqualTo(412);
        assertThat(patch("/admin/clients/tagged", "nonsense").status()).isEqualTo(400);
        assertThat(patch("/admin/people/doctor-1", "W/\"77\"").status()).isEqualTo(412);
    }

    private static Client.Reply patch(String path, String tag) {
        return Client.send(
                operator.request(path)
                        .header("Content-Type", "application/json")
                        .header("If-Match", tag)
                        .method(
                                "PATCH",
                                java.net.http.HttpRequest.BodyPublishers.ofString(
                                        "{\"active\":false}")));
    }

    @Test
    void operators_who_suspend_each_other_leave_one() throws Exception {
        for (String login : new String[] {"op-a", "op-b"}) {
            assertThat(
                            post(
                                            "/admin/people",
                                            """
                                            {"login":"%s","name":"甲","role":"operator"}\
                                            """
                                                    .formatted(login))
                                    .status())
                    .isEqualTo(201);
        }
        // Those of the demonstration do not count: without it nobody lets them in.
        List<Callable<Client.Reply>> both = List.of(() -> suspend("op-a"), () -> suspend("op-b"));
        assertThat(statuses(atOnce(both))).containsExactly(200, 422);
        assertThat(suspend("operator-1").status()).isEqualTo(200);
    }

    private static Client.Reply suspend(String login) {
        return AdminTest.json(operator, "PATCH", "/admin/people/" + login, "{\"active\":false}");
    }
}
