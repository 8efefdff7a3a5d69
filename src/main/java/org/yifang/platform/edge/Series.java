package org.yifang.platform.edge;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Keeps the number of series of metrics what it is, whatever is sent: what a caller makes up
/// shares one label.
public final class Series {
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    /// Labels whose values come from callers and say nothing that is not said elsewhere.
    private static final Set<String> LEFT_OUT = Set.of("path", "remote", "local", "host");

    /// For a registry, before anything is measured.
    public static MeterFilter bounded() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getName().startsWith("vertx.http.") ? bounded(id) : id;
            }
        };
    }

    private static Meter.Id bounded(Meter.Id id) {
        List<Tag> tags = new ArrayList<>();
        for (Tag tag : id.getTags()) {
            if (tag.getKey().equals("method") && !METHODS.contains(tag.getValue())) {
                tags.add(Tag.of("method", "other"));
            } else if (!LEFT_OUT.contains(tag.getKey())) {
                tags.add(tag);
            }
        }
        return id.replaceTags(tags);
    }

    private Series() {}
}
