package org.yifang.admin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.identity.client.Identity;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.edge.FormBody;
import org.yifang.platform.problem.Problem;

import java.util.List;

/// `POST /setup`: whoever holds the code makes the first operator.
final class SetupRoutes {
    private static final int BYTES = 8 * 1024;

    private final Setup setup;
    private final Audit audit;

    SetupRoutes(Setup setup, Audit audit) {
        this.setup = setup;
        this.audit = audit;
    }

    void mount(Router router) {
        router.post("/setup").handler(FormBody.upTo(BYTES)).handler(this::use);
    }

    private void use(RoutingContext http) {
        try {
            byte[] bytes =
                    http.body().buffer() == null ? new byte[0] : http.body().buffer().getBytes();
            Setup.Made made =
                    setup.use(
                            Body.of(bytes, Setup.FIELDS),
                            Edge.address(http),
                            FhirRouter.requestId(http),
                            Identity.language(http));
            JsonObject answer =
                    new JsonObject().put("account", AdminJson.person(made.account(), null));
            if (made.client() != null) {
                answer.put(
                        "client",
                        new JsonObject()
                                .put("id", made.client().id())
                                .put("secret", made.secret()));
            }
            http.response()
                    .setStatusCode(201)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .end(answer.encode());
        } catch (Exception refused) {
            if (refused instanceof Problem problem && problem.code().status() < 500) {
                audit.record(refusal(http, problem));
            }
            Outcomes.answer(http, refused);
        }
    }

    private static Access refusal(RoutingContext http, Problem problem) {
        return new Access(
                null,
                Edge.address(http),
                FhirRouter.requestId(http),
                "operation",
                "setup",
                'C',
                problem.code(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null);
    }
}
