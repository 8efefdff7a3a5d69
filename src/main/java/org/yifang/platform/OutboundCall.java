package org.yifang.platform;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/// Sends a request of Vert.x's client and reads its answer.
///
/// Who reads is set before anything is sent. Set on what `send` gives, from a thread other than the
/// client's own, a reader may come after the end of a quick answer, and then waits for it for ever.
public final class OutboundCall {
    /// Sends a body, or none.
    ///
    /// @param read sets its handlers on the answer before it returns
    /// @return what was read; fails when the request could not be sent or was not answered
    public static <T> Future<T> send(
            HttpClientRequest request,
            @Nullable Buffer body,
            Function<HttpClientResponse, Future<T>> read) {
        Future<T> answer = request.response().compose(read);
        return (body == null ? request.send() : request.send(body)).compose(_ -> answer);
    }

    private OutboundCall() {}
}
