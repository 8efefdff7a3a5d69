package org.yifang.simulate;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.util.Iterator;
import java.util.List;

/// Cancels what a benchmark submitted, so that it leaves nothing behind that waits for anybody.
final class Cancels {
    private static final Buffer BODY =
            Buffer.buffer(
                    "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"reason\","
                            + "\"valueCodeableConcept\":{\"text\":\"benchmark\"}}]}");

    private final Iterator<String> locations;

    private Cancels(List<String> locations) {
        this.locations = locations.iterator();
    }

    /// @param locations where the Tasks are, as `Location` said
    static Cancels of(List<String> locations) {
        return new Cancels(locations);
    }

    /// Cancels all of them.
    ///
    /// @return whether every one was
    boolean run(Load load, PrintWriter out) {
        Load.Result cancels = load.runAll(this::next);
        cancels.print(out, "cancel", 200);
        return cancels.only(200);
    }

    private Load.@Nullable Call next() {
        return locations.hasNext()
                ? new Load.Call(HttpMethod.POST, Reads.path(locations.next()) + "/$cancel", BODY)
                : null;
    }
}
