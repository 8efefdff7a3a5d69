package org.yifang.platform.edge;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;

/// Keeps the body out of answers to HEAD over HTTP/2, where Vert.x would send it; over HTTP/1 it
/// does so by itself. (An internal class is wrapped: look here when Vert.x changes.)
public final class Bodiless {
    /// Hands requests on, those with HEAD over HTTP/2 with an answer that takes no body.
    public static Handler<HttpServerRequest> before(Handler<HttpServerRequest> next) {
        return request -> next.handle(isConcerned(request) ? wrapped(request) : request);
    }

    private static boolean isConcerned(HttpServerRequest request) {
        return request.method().equals(HttpMethod.HEAD) && request.version() == HttpVersion.HTTP_2;
    }

    private static HttpServerRequest wrapped(HttpServerRequest request) {
        HttpServerResponse answer = request.response();
        HttpServerResponse silent =
                (HttpServerResponse)
                        Proxy.newProxyInstance(
                                Bodiless.class.getClassLoader(),
                                new Class<?>[] {HttpServerResponse.class},
                                (self, method, values) -> call(answer, self, method, values));
        return new HttpServerRequestWrapper((HttpServerRequestInternal) request) {
            @Override
            public HttpServerResponse response() {
                return silent;
            }
        };
    }

    @SuppressWarnings("ReferenceEquality") // A call that answers with the very answer chains on.
    private static @Nullable Object call(
            HttpServerResponse answer, Object self, Method method, Object @Nullable [] values)
            throws Throwable {
        switch (method.getName()) {
            case "write" -> {
                return Future.succeededFuture();
            }
            case "end", "send", "sendFile" -> {
                return answer.end();
            }
            default -> {
                try {
                    Object result = method.invoke(answer, values);
                    return result == answer ? self : result;
                } catch (InvocationTargetException thrown) {
                    throw Objects.requireNonNull(thrown.getCause());
                }
            }
        }
    }

    private Bodiless() {}
}
