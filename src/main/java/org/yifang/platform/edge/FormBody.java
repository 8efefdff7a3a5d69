package org.yifang.platform.edge;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;

/// Takes the body of what a page or an administrator sends under the bounds of [Body], and puts it
/// where handlers of routes look for it: `http.body()`, and the attributes of a form.
public final class FormBody {
    private static final String TAKEN = "yifang.form-body";
    private static final String FORM = "application/x-www-form-urlencoded";

    /// Comes before the handler that wants it.
    public static Handler<RoutingContext> upTo(int most) {
        return http -> {
            HttpMethod method = http.request().method();
            boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
            if (!reads && http.get(TAKEN) == null) {
                // Routes of a path and of what is below it may both match.
                http.put(TAKEN, true);
                take(http, most);
            }
            http.next();
        };
    }

    private static void take(RoutingContext http, int most) {
        Body body = Body.collect(http, most);
        body.await();
        ((RoutingContextInternal) http).setBody(Buffer.buffer(body.bytes()));
        String type = http.request().getHeader("Content-Type");
        if (type != null && type.regionMatches(true, 0, FORM, 0, FORM.length())) {
            http.request().formAttributes().addAll(Form.parse(body.bytes()));
        }
    }

    private FormBody() {}
}
