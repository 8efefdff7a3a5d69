package org.yifang.platform.edge;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;

import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.StandardCharsets;

/// The fields of a form as a page or a client sends them, `application/x-www-form-urlencoded`.
public final class Form {
    /// More than any form of ours has.
    private static final int FIELDS_MAX = 200;

    /// Reads a whole body.
    ///
    /// @throws Problem `RX-1403` when it is not encoded as a form is
    public static MultiMap parse(byte[] body) {
        MultiMap fields = MultiMap.caseInsensitiveMultiMap();
        try {
            new QueryStringDecoder(
                            new String(body, StandardCharsets.UTF_8),
                            StandardCharsets.UTF_8,
                            false,
                            FIELDS_MAX)
                    .parameters()
                    .forEach((name, values) -> values.forEach(value -> fields.add(name, value)));
        } catch (IllegalArgumentException broken) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The form is not encoded as forms are.",
                    "Write `%` as `%25`.");
        }
        return fields;
    }

    private Form() {}
}
