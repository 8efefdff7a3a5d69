package org.yifang.fhir.json;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/// What all JSON of ours has in common: its names, its time, and how written parts are joined.
public final class FhirJson {
    public static final String SYSTEMS = "https://yifang.org/fhir/CodeSystem/";
    public static final String EXTENSIONS = "https://yifang.org/fhir/StructureDefinition/";
    public static final String SIDS = "https://yifang.org/fhir/sid/";
    private static final DateTimeFormatter INSTANT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX")
                    .withZone(ZoneId.of("Asia/Shanghai"));

    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX")
                    .withZone(ZoneId.of("Asia/Shanghai"));

    /// To the second, as what a dateTime says is known.
    public static String dateTime(Instant instant) {
        return SECOND.format(instant);
    }

    public static String instant(Instant instant) {
        return INSTANT.format(instant);
    }

    /// A text as JSON writes it, with its quotes.
    public static String quoted(String text) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    /// Adds members to a written object: `{"a":1}` and `"b":2` make `{"a":1,"b":2}`.
    public static byte[] withTail(byte[] object, byte[] members) {
        if (members.length == 0) {
            return object;
        }
        byte[] joined = new byte[object.length + members.length + 1];
        System.arraycopy(object, 0, joined, 0, object.length - 1);
        joined[object.length - 1] = ',';
        System.arraycopy(members, 0, joined, object.length, members.length);
        joined[joined.length - 1] = '}';
        return joined;
    }

    /// Adds members at the front of a written object that has members already.
    public static byte[] withHead(byte[] members, byte[] object) {
        byte[] joined = new byte[members.length + object.length + 1];
        joined[0] = '{';
        System.arraycopy(members, 0, joined, 1, members.length);
        joined[members.length + 1] = ',';
        System.arraycopy(object, 1, joined, members.length + 2, object.length - 1);
        return joined;
    }

    private FhirJson() {}
}
