package org.yifang.admin;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

import org.yifang.fhir.rest.Outcomes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// The calls that start work which takes long, and show how far it is.
final class JobCalls {
    private final JobDesk desk;
    private final Administration parts;

    JobCalls(JobDesk desk, Administration parts) {
        this.desk = desk;
        this.parts = parts;
    }

    List<Call> all() {
        List<Call> calls = new ArrayList<>();
        for (String what : List.of("sealing", "index", "signing", "audit")) {
            calls.add(
                    Call.post(
                                    "/admin/keys/" + what + "/rotate",
                                    "Task.c",
                                    "Rotates the keys of " + what + ", as a job.",
                                    (http, who, _) ->
                                            started(http, who, "keys-" + what, new JsonObject()))
                            .answering(202));
        }
        calls.add(
                Call.post(
                                "/admin/patients/erase",
                                "Task.c",
                                "Erases a person, as a job.",
                                this::erase)
                        .taking(Set.of("patient", "reason"))
                        .answering(202));
        calls.add(
                Call.post(
                                "/admin/retention/run",
                                "Task.c",
                                "Erases what has been kept as long as it must be, as a job.",
                                (http, who, _) ->
                                        started(
                                                http,
                                                who,
                                                Administration.RETENTION,
                                                new JsonObject()))
                        .answering(202));
        calls.add(
                Call.get(
                        "/admin/jobs",
                        "Task.s",
                        "Shows the newest jobs.",
                        (_, _, _) ->
                                AdminHttp.list(
                                        desk.newest().stream().map(AdminJson::job).toList())));
        calls.add(
                Call.get(
                        "/admin/jobs/{id}",
                        "Task.r",
                        "Shows how far a job is.",
                        (http, _, _) ->
                                AdminJson.job(
                                        desk.find(id(http.pathParam("id")))
                                                .orElseThrow(Outcomes::notFound))));
        return calls;
    }

    private JsonObject erase(RoutingContext http, Administrator who, Body body) {
        String patient = body.required("patient", 64);
        String reason = body.required("reason", 500);
        body.done();
        return started(http, who, "erase", parts.erasure(patient, reason));
    }

    private JsonObject started(
            RoutingContext http, Administrator who, String kind, JsonObject input) {
        JobStore.Row job = desk.start(who, kind, input);
        http.response().putHeader("Location", "/admin/jobs/" + job.id());
        return AdminJson.job(job);
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException unreadable) {
            throw Outcomes.notFound();
        }
    }
}
