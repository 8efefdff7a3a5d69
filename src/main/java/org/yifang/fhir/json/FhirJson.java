package org.yifang.fhir.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/// Writes resources that are sent often straight as JSON: no object tree, no encoder.
public final class FhirJson {
    public static final String SYSTEMS = "https://yifang.org/fhir/CodeSystem/";
    public static final String EXTENSIONS = "https://yifang.org/fhir/StructureDefinition/";
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final DateTimeFormatter INSTANT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX")
                    .withZone(ZoneId.of("Asia/Shanghai"));

    /// Writes into a generator.
    public interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    public static byte[] object(Writer members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    public static String instant(Instant instant) {
        return INSTANT.format(instant);
    }

    public static void reference(JsonGenerator json, String name, String type, UUID id)
            throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("reference", type + "/" + id);
        json.writeEndObject();
    }

    public static void identifier(JsonGenerator json, String system, String value)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("system", system);
        json.writeStringField("value", value);
        json.writeEndObject();
    }

    /// A concept with one coding; nothing when both are absent.
    public static void concept(
            JsonGenerator json,
            String name,
            String system,
            @Nullable String code,
            @Nullable String text)
            throws IOException {
        if (code == null && text == null) {
            return;
        }
        json.writeObjectFieldStart(name);
        if (code != null) {
            json.writeArrayFieldStart("coding");
            json.writeStartObject();
            json.writeStringField("system", system);
            json.writeStringField("code", code);
            json.writeEndObject();
            json.writeEndArray();
        }
        if (text != null) {
            json.writeStringField("text", text);
        }
        json.writeEndObject();
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
    public static byte[] withHead(String members, byte[] object) {
        byte[] head = ("{" + members + ",").getBytes(StandardCharsets.UTF_8);
        byte[] joined = new byte[head.length + object.length - 1];
        System.arraycopy(head, 0, joined, 0, head.length);
        System.arraycopy(object, 1, joined, head.length, object.length - 1);
        return joined;
    }

    /// The members of an object without its braces.
    public static byte[] members(Writer writer) {
        byte[] object = object(writer);
        return java.util.Arrays.copyOfRange(object, 1, object.length - 1);
    }

    private FhirJson() {}
}
