package org.yifang.simulate;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// Reads by id of what was submitted before.
final class Reads {
    /// Of how many Tasks the lines are looked up before reads of them begin.
    private static final int LOOKED_UP = 500;

    private final List<Load.Call> tasks;
    private final List<Load.Call> requests;
    private int nextTask;
    private int nextRequest;

    private Reads(List<Load.Call> tasks, List<Load.Call> requests) {
        this.tasks = tasks;
        this.requests = requests;
    }

    /// @param locations where the Tasks are, as `Location` said
    static Reads of(List<String> locations, Remote remote, Tokens.Sender who) {
        List<Load.Call> tasks = locations.stream().map(Reads::path).map(Reads::read).toList();
        List<Load.Call> requests = new ArrayList<>();
        for (Load.Call task : tasks.subList(0, Math.min(LOOKED_UP, tasks.size()))) {
            JsonObject found = remote.get("read Task", who, task.path()).body();
            Json.each(found, "input")
                    .filter(input -> "line".equals(Json.code(Json.inside(input, "type"), "")))
                    .map(input -> Json.inside(input, "valueReference").getString("reference"))
                    .forEach(reference -> requests.add(read("/fhir/" + reference)));
        }
        if (requests.isEmpty()) {
            throw new IllegalStateException("Nothing was submitted that could be read.");
        }
        return new Reads(tasks, requests);
    }

    /// `Location` may be absolute and may name a version; reads are by id alone.
    static String path(String location) {
        String path = URI.create(location).getPath();
        int version = path.indexOf("/_history/");
        return version < 0 ? path : path.substring(0, version);
    }

    private static Load.Call read(String path) {
        return new Load.Call(HttpMethod.GET, path, null);
    }

    Load.Call nextTask() {
        return tasks.get(nextTask++ % tasks.size());
    }

    Load.Call nextRequest() {
        return requests.get(nextRequest++ % requests.size());
    }
}
