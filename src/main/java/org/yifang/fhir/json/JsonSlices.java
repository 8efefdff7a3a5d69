package org.yifang.fhir.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Cuts resources out of what they were sent in, byte by byte as they stand there: a signature and
/// an original are about those bytes.
public final class JsonSlices {
    /// One element of a list of the outermost object.
    ///
    /// @param name its `name`, null when it has none
    /// @param resource the bytes of its `resource`, null when it has none
    public record Element(@Nullable String name, byte @Nullable [] resource) {}

    /// The `resourceType` of a body; empty when it is no object that has one.
    public static String type(byte[] json) {
        try (JsonParser parser = JsonTree.MAPPER.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return "";
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = parser.currentName().equals("resourceType");
                JsonToken value = parser.nextToken();
                if (wanted) {
                    return value == JsonToken.VALUE_STRING ? parser.getText() : "";
                }
                parser.skipChildren();
            }
            return "";
        } catch (IOException unreadable) {
            // What is wrong with it is told by who reads it whole.
            return "";
        }
    }

    /// The elements of `list` in the outermost object.
    ///
    /// @param json strict JSON, see [StrictJson]
    public static List<Element> of(byte[] json, String list) {
        List<Element> found = new ArrayList<>();
        try (JsonParser parser = JsonTree.MAPPER.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = parser.currentName().equals(list);
                if (parser.nextToken() == JsonToken.START_ARRAY && wanted) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        found.add(element(parser, json));
                    }
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return found;
    }

    private static Element element(JsonParser parser, byte[] json) throws IOException {
        String name = null;
        byte[] resource = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            int from = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            if (field.equals("name") && value == JsonToken.VALUE_STRING) {
                name = parser.getText();
            } else if (field.equals("resource") && value == JsonToken.START_OBJECT) {
                int to = (int) parser.currentLocation().getByteOffset();
                resource = Arrays.copyOfRange(json, from, to);
            }
        }
        return new Element(name, resource);
    }

    private JsonSlices() {}
}
