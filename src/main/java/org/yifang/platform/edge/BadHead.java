package org.yifang.platform.edge;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Limits;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

/// What the sender of a head is told that cannot be taken.
final class BadHead {
    static Problem problem(@Nullable Throwable fault) {
        if (fault instanceof TooLongHttpLineException) {
            return tooLongUrl();
        }
        if (fault instanceof TooLongHttpHeaderException) {
            return new Problem(
                    ProblemCode.TOO_LARGE,
                    "The headers are longer than " + Limits.HEADERS_BYTES + " bytes.",
                    "Send fewer headers.");
        }
        return new Problem(
                ProblemCode.UNREADABLE,
                fault instanceof StrictDecoder.Fault told
                        ? told.getMessage() + "."
                        : "The head of the request is no HTTP/1.1.",
                "Send requests as RFC 9112 has them.");
    }

    private static Problem tooLongUrl() {
        return new Problem(
                ProblemCode.URL_TOO_LONG,
                "The request line is longer than " + Limits.URL_BYTES + " bytes.",
                "Send many parameters in the body of a POST.");
    }

    /// HTTP/2 bounds all headers together only.
    static void requireShort(HttpServerRequest request) {
        if (request.uri().length() > Limits.URL_BYTES) {
            throw tooLongUrl();
        }
    }

    private BadHead() {}
}
