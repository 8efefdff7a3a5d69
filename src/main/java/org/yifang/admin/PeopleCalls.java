package org.yifang.admin;

import static org.yifang.admin.AdminHttp.tagged;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

import java.util.List;

/// The calls of `/admin/people`.
final class PeopleCalls {
    private static final String PEOPLE = "/admin/people";
    private static final String PERSON = PEOPLE + "/{login}";

    private final PeopleDesk desk;

    PeopleCalls(PeopleDesk desk) {
        this.desk = desk;
    }

    List<Call> all() {
        return List.of(
                Call.get(PEOPLE, "Person.s", "Lists people.", this::list).forManagers(),
                Call.post(
                                PEOPLE,
                                "Person.c",
                                "Makes an account; its one-time password is shown this once.",
                                this::create)
                        .forManagers()
                        .taking(PeopleDesk.CREATE)
                        .answering(201),
                Call.get(PERSON, "Person.r", "Shows a person.", this::show).forManagers(),
                Call.patch(
                                PERSON,
                                "Person.u",
                                "Changes a person; suspended, every session ends at once.",
                                this::change)
                        .forManagers()
                        .taking(PeopleDesk.CHANGE),
                Call.post(
                                PERSON + "/reset",
                                "Person.u",
                                "Gives a person a new one-time password and takes the second"
                                        + " factor away.",
                                this::reset)
                        .forManagers());
    }

    private JsonObject list(RoutingContext http, Administrator who, Body body) {
        return AdminHttp.list(
                desk
                        .accounts()
                        .page(who.only(), AdminHttp.after(http), AdminHttp.count(http))
                        .stream()
                        .filter(one -> who.mayGive(one.role()))
                        .map(one -> AdminJson.person(one, null))
                        .toList());
    }

    private JsonObject create(RoutingContext http, Administrator who, Body body) {
        PeopleDesk.Made made = desk.create(who, body);
        http.response().putHeader("Location", PEOPLE + "/" + made.account().login());
        return tagged(http, AdminJson.person(made.account(), made.password()));
    }

    private JsonObject show(RoutingContext http, Administrator who, Body body) {
        return tagged(http, AdminJson.person(desk.visible(who, http.pathParam("login")), null));
    }

    private JsonObject change(RoutingContext http, Administrator who, Body body) {
        String login = desk.visible(who, http.pathParam("login")).login();
        return tagged(
                http,
                AdminJson.person(desk.change(who, login, body, AdminHttp.version(http)), null));
    }

    private JsonObject reset(RoutingContext http, Administrator who, Body body) {
        PeopleDesk.Made made = desk.reset(who, http.pathParam("login"));
        return tagged(http, AdminJson.person(made.account(), made.password()));
    }
}
