package org.yifang.queue.intake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.XmlCharacters;
import org.yifang.queue.ticket.Arriving;
import org.yifang.queue.ticket.QueueLimits;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the usual upload of events as it stands in the body, at a tenth of the cost of a general
/// FHIR parser. It takes nothing that is not exactly as expected: whatever is, goes the general
/// way, which names every fault.
final class UploadReader {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /// The shortest instant, `2026-03-02T09:05:00Z`.
    private static final int INSTANT_LENGTH = 20;

    private static final Pattern TASK =
            Pattern.compile("Task/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    /// Where the value of each part stands.
    private static final Map<String, String> PARTS =
            Map.of(
                    "ticket", "valueString",
                    "queue", "valueString",
                    "seq", "valueInteger",
                    "stage", "valueCode",
                    "code", "valueCode",
                    "at", "valueInstant",
                    "day", "valueDate",
                    "department", "valueString",
                    "visit", "valueString");

    /// An upload.
    record UploadBody(@Nullable Instant sentAt, List<Arriving> events) {}

    /// Something that the general parser shall judge.
    private static final class Unusual extends Exception {
        private static final long serialVersionUID = 1L;

        Unusual() {
            super("unusual", null, false, false);
        }
    }

    private final JsonParser json;
    private final List<Arriving> events = new ArrayList<>();
    private @Nullable Instant sentAt;

    private UploadReader(JsonParser json) {
        this.json = json;
    }

    /// The upload, or null when it is not the usual one.
    static @Nullable UploadBody read(byte[] body) {
        try (JsonParser json = FACTORY.createParser(body)) {
            UploadReader reader = new UploadReader(json);
            reader.parameters();
            return new UploadBody(reader.sentAt, reader.events);
        } catch (IOException | DateTimeException | Unusual unusual) {
            return null;
        }
    }

    private void parameters() throws IOException, Unusual {
        next(JsonToken.START_OBJECT);
        boolean named = false;
        boolean filled = false;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            switch (json.currentName()) {
                case "resourceType" -> named = text().equals("Parameters");
                case "parameter" -> {
                    next(JsonToken.START_ARRAY);
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        parameter();
                    }
                    filled = true;
                }
                default -> throw new Unusual();
            }
        }
        if (!named || !filled || json.nextToken() != null || events.isEmpty()) {
            throw new Unusual();
        }
    }

    private void parameter() throws IOException, Unusual {
        String name = name();
        json.nextToken();
        switch (name) {
            case "sent-at" -> {
                require(sentAt == null && "valueInstant".equals(json.currentName()));
                sentAt = instant(text());
                next(JsonToken.END_OBJECT);
            }
            case "event" -> {
                require("part".equals(json.currentName()));
                require(events.size() < QueueLimits.EVENTS_PER_CALL);
                next(JsonToken.START_ARRAY);
                events.add(event());
                next(JsonToken.END_OBJECT);
            }
            default -> throw new Unusual();
        }
    }

    private Arriving event() throws IOException, Unusual {
        Map<String, String> parts = HashMap.newHashMap(PARTS.size());
        UUID prescription = null;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            String name = name();
            String place = PARTS.get(name);
            json.nextToken();
            if (name.equals("prescription")) {
                require(prescription == null && "valueReference".equals(json.currentName()));
                prescription = task();
                next(JsonToken.END_OBJECT);
                continue;
            }
            if (place == null) {
                throw new Unusual();
            }
            require(place.equals(json.currentName()));
            String value;
            if (place.equals("valueInteger")) {
                next(JsonToken.VALUE_NUMBER_INT);
                value = String.valueOf(json.getIntValue());
            } else {
                value = text();
            }
            require(parts.put(name, value) == null);
            next(JsonToken.END_OBJECT);
        }
        Instant at = instant(needed(parts, "at"));
        String day = parts.get("day");
        return new Arriving(
                needed(parts, "ticket"),
                needed(parts, "queue"),
                Long.parseLong(needed(parts, "seq")),
                code(needed(parts, "stage")),
                code(needed(parts, "code")),
                at,
                day == null ? LocalDate.ofInstant(at, QueueLimits.ZONE) : LocalDate.parse(day),
                parts.get("department"),
                parts.get("visit"),
                prescription,
                null);
    }

    /// A reference to a prescription's Task by its id, and nothing else.
    private UUID task() throws IOException, Unusual {
        next(JsonToken.START_OBJECT);
        json.nextToken();
        require("reference".equals(json.currentName()));
        Matcher task = TASK.matcher(text());
        require(task.matches());
        next(JsonToken.END_OBJECT);
        return UUID.fromString(task.group(1));
    }

    /// The beginning of an object whose first member is its name.
    private String name() throws IOException, Unusual {
        require(json.currentToken() == JsonToken.START_OBJECT);
        json.nextToken();
        require("name".equals(json.currentName()));
        return text();
    }

    /// A text as FHIR allows it: not empty, no blanks around it, nothing that cannot be seen.
    private String text() throws IOException, Unusual {
        next(JsonToken.VALUE_STRING);
        String text = json.getText();
        require(!text.isEmpty() && text.equals(text.strip()));
        require(text.codePoints().noneMatch(UploadReader::isUnusual));
        return text;
    }

    /// Half of a surrogate pair too: a text that is none.
    private static boolean isUnusual(int character) {
        return Character.isISOControl(character)
                || XmlCharacters.isUnfit(character)
                || Character.getType(character) == Character.SURROGATE;
    }

    private static String needed(Map<String, String> parts, String name) throws Unusual {
        String value = parts.get(name);
        if (value == null) {
            throw new Unusual();
        }
        return value;
    }

    private static String code(String text) throws Unusual {
        require(text.indexOf(' ') < 0);
        return text;
    }

    private static Instant instant(String text) throws Unusual {
        require(text.length() >= INSTANT_LENGTH);
        return OffsetDateTime.parse(text).toInstant();
    }

    private void next(JsonToken expected) throws IOException, Unusual {
        require(json.nextToken() == expected);
    }

    private static void require(boolean usual) throws Unusual {
        if (!usual) {
            throw new Unusual();
        }
    }
}
