package org.yifang.admin;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

import java.util.Set;

/// One call of the administration, declared once: it is mounted, checked and described from this.
///
/// @param method `GET`, `POST`, `PUT`, `PATCH` or `DELETE`
/// @param path as OpenAPI writes it, `/admin/clients/{id}`
/// @param scope what the token must cover, `Device.u`
/// @param managers whether managers may call it, for their own organization
/// @param fields of the JSON body; empty when there is none
/// @param success the status when it is done
/// @param says what it does, one sentence
record Call(
        String method,
        String path,
        String scope,
        boolean managers,
        Set<String> fields,
        int success,
        String says,
        Handler handler) {
    /// Does it; waits.
    interface Handler {
        JsonObject handle(RoutingContext http, Administrator who, Body body);
    }

    Call {
        fields = Set.copyOf(fields);
    }

    /// A call that reads.
    static Call get(String path, String scope, String says, Handler handler) {
        return new Call("GET", path, scope, false, Set.of(), 200, says, handler);
    }

    static Call post(String path, String scope, String says, Handler handler) {
        return new Call("POST", path, scope, false, Set.of(), 200, says, handler);
    }

    static Call patch(String path, String scope, String says, Handler handler) {
        return new Call("PATCH", path, scope, false, Set.of(), 200, says, handler);
    }

    static Call put(String path, String scope, String says, Handler handler) {
        return new Call("PUT", path, scope, false, Set.of(), 200, says, handler);
    }

    static Call delete(String path, String scope, String says, Handler handler) {
        return new Call("DELETE", path, scope, false, Set.of(), 200, says, handler);
    }

    /// The same, which managers may call, too.
    Call forManagers() {
        return new Call(method, path, scope, true, fields, success, says, handler);
    }

    /// The same with a JSON body.
    Call taking(Set<String> names) {
        return new Call(method, path, scope, managers, names, success, says, handler);
    }

    /// The same, which answers with another status when it is done.
    Call answering(int status) {
        return new Call(method, path, scope, managers, fields, status, says, handler);
    }

    /// The path as Vert.x reads it.
    String route() {
        return path.replaceAll("\\{([a-z]+)}", ":$1");
    }
}
