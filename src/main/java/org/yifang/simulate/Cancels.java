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

    private final List<String> locations;
    private final Iterator<String> left;

    private Cancels(List<String> locations) {
        this.locations = locations;
        this.left = locations.iterator();
    }

    /// @param locations where the Tasks are, as `Location` said
    static Cancels of(List<String> locations) {
        return new Cancels(List.copyOf(locations));
    }

    /// Cancels all of them; those that the service was too busy for, patiently.
    ///
    /// @return whether every one was
    boolean run(Load load, Remote remote, Tokens.Sender who, PrintWriter out) {
        if (locations.isEmpty()) {
            return true;
        }
        load.token(remote.token(who));
        Load.Result cancels = load.runAll(this::next);
        cancels.print(out, "cancel", 200);
        // What is cancelled already may be cancelled again.
        return cancels.only(200)
                || locations.stream()
                        .map(at -> remote.post("cancel", who, path(at), BODY, ""))
                        .allMatch(Answer::isGood);
    }

    private static String path(String location) {
        return Reads.path(location) + "/$cancel";
    }

    private Load.@Nullable Call next() {
        return left.hasNext() ? new Load.Call(HttpMethod.POST, path(left.next()), BODY) : null;
    }
}
