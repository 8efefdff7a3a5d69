package org.yifang.admin;

import static org.yifang.admin.AdminHttp.tagged;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

import java.util.List;
import java.util.Set;

/// The calls of `/admin/clients`.
final class ClientCalls {
    private static final String CLIENTS = "/admin/clients";
    private static final String CLIENT = CLIENTS + "/{id}";

    private final ClientDesk desk;

    ClientCalls(ClientDesk desk) {
        this.desk = desk;
    }

    List<Call> all() {
        return List.of(
                Call.get(CLIENTS, "Device.s", "Lists clients.", this::list).forManagers(),
                Call.post(
                                CLIENTS,
                                "Device.c",
                                "Registers a client; its secret is shown this once.",
                                this::create)
                        .forManagers()
                        .taking(ClientDesk.CREATE)
                        .answering(201),
                Call.get(CLIENT, "Device.r", "Shows a client.", this::show).forManagers(),
                Call.patch(
                                CLIENT,
                                "Device.u",
                                "Changes a client; suspended, its tokens end at once.",
                                this::change)
                        .forManagers()
                        .taking(ClientDesk.CHANGE),
                Call.post(
                                CLIENT + "/rotate-secret",
                                "Device.u",
                                "Gives a client a new secret; the old one ends after"
                                        + " overlapMinutes.",
                                this::rotate)
                        .forManagers()
                        .taking(Set.of("overlapMinutes")));
    }

    private JsonObject list(RoutingContext http, Administrator who, Body body) {
        return AdminHttp.list(
                desk
                        .clients()
                        .page(who.only(), AdminHttp.after(http), AdminHttp.count(http))
                        .stream()
                        .map(one -> AdminJson.client(one, null))
                        .toList());
    }

    private JsonObject create(RoutingContext http, Administrator who, Body body) {
        ClientDesk.Made made = desk.create(who, body);
        http.response().putHeader("Location", CLIENTS + "/" + made.client().id());
        return tagged(http, AdminJson.client(made.client(), made.secret()));
    }

    private JsonObject show(RoutingContext http, Administrator who, Body body) {
        return tagged(http, AdminJson.client(desk.visible(who, http.pathParam("id")), null));
    }

    private JsonObject change(RoutingContext http, Administrator who, Body body) {
        return tagged(
                http,
                AdminJson.client(
                        desk.change(who, http.pathParam("id"), body, AdminHttp.version(http)),
                        null));
    }

    private JsonObject rotate(RoutingContext http, Administrator who, Body body) {
        Integer overlap = body.number("overlapMinutes", 0, ClientDesk.OVERLAP_MINUTES_MOST);
        body.done();
        ClientDesk.Made made =
                desk.rotate(who, http.pathParam("id"), overlap == null ? 0 : overlap);
        return tagged(http, AdminJson.client(made.client(), made.secret()));
    }
}
